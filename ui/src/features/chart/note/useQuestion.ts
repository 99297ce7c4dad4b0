// A question that a button opens beside itself: Esc answers it with no, and the focus goes back to the button.
import { useRef, useState, type KeyboardEvent } from 'react';

export function useQuestion() {
  const [asked, setAsked] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);

  function close() {
    setAsked(false);
    opener.current?.focus();
  }

  /** What lies around the question stays open. */
  function press(event: KeyboardEvent) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  }

  return { asked, opener, toggle: () => setAsked(!asked), close, press };
}
