// The draft that is being written: what stands in it, how far it is stored, and when it has to be stored at once.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useDraftsChanged, useNoteDraftStore } from '@/api/notes';
import { storeFirst } from '@/api/onScreen';
import type { NoteDraftView } from '@/api/types';
import { useUnstored } from '@/lib/kept';
import { Autosave } from './autosave';

export const unstoredName = (patientId: string, id: string) => `note ${patientId} ${id}`;

export function useAutosave(patientId: string, draft: NoteDraftView) {
  const store = useNoteDraftStore();
  const changed = useDraftsChanged(patientId);
  const keeper = useUnstored();
  const name = unstoredName(patientId, draft.id);
  const [autosave] = useState(
    () =>
      new Autosave(
        draft,
        (version, sections) => store({ patientId, chartOnScreen: patientId, id: draft.id, version, sections }),
        { read: () => keeper.read(name), write: (text) => keeper.write(name, text) },
      ),
  );
  const writing = useSyncExternalStore(autosave.subscribe, autosave.snapshot);

  useEffect(() => {
    autosave.begin();
    const flush = () => storeFirst(autosave.flush());
    // Before the window's own shortcut locks: a locked core stores nothing.
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey && event.key.toLowerCase() === 'l') flush();
    };
    window.addEventListener('keydown', press, { capture: true });
    window.addEventListener('blur', flush);
    return () => {
      window.removeEventListener('keydown', press, { capture: true });
      window.removeEventListener('blur', flush);
      storeFirst(leave(autosave, changed));
    };
    // `changed` does the same at every drawing, and to leave is done once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [autosave]);

  return { autosave, writing };
}

/** The list says when each draft was stored; after a signature the whole chart is read again anyway. */
async function leave(autosave: Autosave, changed: () => void) {
  await autosave.leave();
  if (!autosave.isGone()) changed();
}
