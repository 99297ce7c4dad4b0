// A wish from elsewhere in the window, such as the palette: whoever is drawn next and can answer it does, once.
import { useEffect, useSyncExternalStore } from 'react';

let wish: string | null = null;
const listeners = new Set<() => void>();

function tell(next: string | null) {
  wish = next;
  for (const listener of listeners) listener();
}

/** Asks for something by its name. A wish that nobody answers is forgotten with the next one. */
export const ask = (name: string) => tell(name);

/** Answers a wish of this name. */
export function useAsked(name: string, answer: () => void) {
  const asked = useSyncExternalStore(subscribe, () => wish === name);
  useEffect(() => {
    if (!asked) return;
    tell(null);
    answer();
    // It is answered once, by whoever is drawn then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked]);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
