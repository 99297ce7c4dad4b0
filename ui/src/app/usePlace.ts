// Moves through the pages, tells the core where the user is, and brings the place back after an unlock.
import { useDebouncedCallback } from '@mantine/hooks';
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react';
import { placeUpdate } from '@/api/mutations';
import type { Keeper, Kept } from '@/lib/kept';
import { moved, readPlace, stillKept, writePlace, type FocusSpot, type Move, type Place } from './place';
import { restore, scrolledNow, spotOf } from './restore';

export function usePlace(stored: string | null) {
  const [start] = useState(() => readPlace(stored));
  const [place, move] = useReducer((at: Place, next: Move) => moved(at, next), start);
  const focus = useRef<FocusSpot | null>(start.focus);
  const kept = useRef<Map<string, Kept> | null>(null);
  const latest = useRef(place);

  // Where the user is matters to nobody but them: a failed save costs the way back after a lock, not the work.
  const saveNow = useCallback(() => {
    const still = stillKept(latest.current, kept.current ?? []);
    return placeUpdate(writePlace({ ...latest.current, focus: focus.current, kept: still, scrolled: scrolledNow() })).catch(() => null);
  }, []);
  const save = useDebouncedCallback(() => void saveNow(), { delay: 400, maxWait: 2000 });

  const keeper = useMemo<Keeper>(() => {
    const values = new Map(Object.entries(start.kept));
    kept.current = values;
    return {
      read: (name) => values.get(name),
      write: (name, value) => {
        if (value === null) values.delete(name);
        else values.set(name, value);
        save();
      },
    };
  }, [start, save]);

  // Before the new page asks for anything: the core may answer that with a lock, and a locked core takes no place.
  useLayoutEffect(() => {
    latest.current = place;
    // What was left behind begins anew when it is opened again.
    const still = stillKept(place, kept.current ?? []);
    for (const name of [...(kept.current?.keys() ?? [])]) if (!(name in still)) kept.current?.delete(name);
    if (place !== start) void saveNow();
    save();
  }, [place, start, save, saveNow]);

  useEffect(() => {
    const note = () => {
      focus.current = spotOf(document.activeElement);
      save();
    };
    const scrolls = () => save();
    document.addEventListener('focusin', note);
    document.addEventListener('selectionchange', note);
    document.addEventListener('scroll', scrolls, { capture: true, passive: true });
    return () => {
      document.removeEventListener('focusin', note);
      document.removeEventListener('selectionchange', note);
      document.removeEventListener('scroll', scrolls, { capture: true });
    };
  }, [save]);

  useEffect(() => restore(start.focus, start.scrolled), [start]);

  return { place, move, keeper, saveNow };
}
