// Puts the focus, the caret and the scrolled lists back where they were, once they are drawn.
import type { FocusSpot } from './place';

/** Names that the code gives; generated ones are others after an unlock. */
const given = /^[a-z][a-z0-9-]*$/;
const isGiven = (id: string) => given.test(id) && !id.startsWith('mantine-');

/** Where the focus is, if it has a name to be found by. */
export function spotOf(element: Element | null): FocusSpot | null {
  if (!(element instanceof HTMLElement) || !isGiven(element.id)) return null;
  const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element : null;
  return { id: element.id, start: field?.selectionStart ?? null, end: field?.selectionEnd ?? null };
}

/** How far down each element is that says that it scrolls. */
export function scrolledNow(): Record<string, number> {
  const elements = [...document.querySelectorAll<HTMLElement>('[data-scrolls]')];
  return Object.fromEntries(elements.filter((one) => one.scrollTop > 0 && isGiven(one.id)).map((one) => [one.id, Math.round(one.scrollTop)]));
}

/** Waits up to two seconds for what is to come back to be drawn; the user's own input ends the wait. */
export function restore(focus: FocusSpot | null, scrolled: Record<string, number>): () => void {
  let frames = 120;
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  const left = new Map(Object.entries(scrolled));
  let toFocus = focus;
  const look = () => {
    if (stopped) return;
    for (const [id, top] of left) if (scrollTo(id, top)) left.delete(id);
    if (toFocus !== null && focusOn(toFocus)) toFocus = null;
    frames -= 1;
    if (frames > 0 && (toFocus !== null || left.size > 0)) requestAnimationFrame(look);
  };
  const ends = ['keydown', 'pointerdown', 'wheel'] as const;
  for (const end of ends) window.addEventListener(end, stop, { once: true, passive: true });
  requestAnimationFrame(look);
  return () => {
    stop();
    for (const end of ends) window.removeEventListener(end, stop);
  };
}

function scrollTo(id: string, top: number): boolean {
  const element = document.getElementById(id);
  if (element === null || element.scrollHeight - element.clientHeight < top) return false;
  element.scrollTop = top;
  return true;
}

function focusOn(spot: FocusSpot): boolean {
  const element = document.getElementById(spot.id);
  if (element === null) return false;
  element.focus({ preventScroll: true });
  const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  if (isField && spot.start !== null) element.setSelectionRange(spot.start, spot.end);
  return true;
}
