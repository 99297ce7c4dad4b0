// Moves through the pages, tells the core where the user is, and brings the focus back after an unlock.
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useReducer, useRef, useState } from 'react';
import { placeUpdate } from '@/api/mutations';
import { moved, readPlace, writePlace, type FocusSpot, type Move, type Place } from './place';

export function usePlace(stored: string | null) {
  const [start] = useState(() => readPlace(stored));
  const [place, move] = useReducer((at: Place, next: Move) => moved(at, next), start);
  const focus = useRef<FocusSpot | null>(start.focus);
  const latest = useRef(place);

  const save = useDebouncedCallback(() => {
    // Where the user is matters to nobody but them: a failed save costs the way back after a lock, not the work.
    placeUpdate(writePlace({ ...latest.current, focus: focus.current })).catch(() => undefined);
  }, 400);

  useEffect(() => {
    latest.current = place;
    save();
  }, [place, save]);

  useEffect(() => {
    const note = () => {
      focus.current = spotOf(document.activeElement);
      save();
    };
    document.addEventListener('focusin', note);
    document.addEventListener('selectionchange', note);
    return () => {
      document.removeEventListener('focusin', note);
      document.removeEventListener('selectionchange', note);
    };
  }, [save]);

  useEffect(() => (start.focus ? restoreFocus(start.focus) : undefined), [start]);

  return { place, move, saveNow: () => placeUpdate(writePlace({ ...latest.current, focus: focus.current })).catch(() => null) };
}

/** Only ids that the code gives: generated ones are others after an unlock. */
function spotOf(element: Element | null): FocusSpot | null {
  if (!(element instanceof HTMLElement) || !/^[a-z][a-z0-9-]*$/.test(element.id) || element.id.startsWith('mantine-')) return null;
  const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element : null;
  return { id: element.id, start: field?.selectionStart ?? null, end: field?.selectionEnd ?? null };
}

/** Waits up to two seconds for the field to be drawn; the user's own input ends the wait. */
function restoreFocus(spot: FocusSpot) {
  let frames = 120;
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  const look = () => {
    if (stopped) return;
    const element = document.getElementById(spot.id);
    if (element === null) {
      frames -= 1;
      if (frames > 0) requestAnimationFrame(look);
      return;
    }
    element.focus();
    if (element instanceof HTMLInputElement && spot.start !== null) element.setSelectionRange(spot.start, spot.end);
  };
  window.addEventListener('keydown', stop, { once: true });
  requestAnimationFrame(look);
  return () => {
    stop();
    window.removeEventListener('keydown', stop);
  };
}
