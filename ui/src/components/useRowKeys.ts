// One row one thing: j, k, arrows, Home and End move between the buttons marked `data-row` of one list.
import type { KeyboardEvent } from 'react';

const steps: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** A key handler for the row buttons. `onLeave` is called for up from the first row and for Escape. */
export function useRowKeys(onLeave?: () => void) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = rowsOf(event.currentTarget);
    const at = rows.indexOf(event.currentTarget);
    const step = steps[event.key];
    if (event.key === 'Escape' || (step === -1 && at === 0)) onLeave?.();
    else if (step !== undefined) rows[at + step]?.focus();
    else if (event.key === 'Home') rows[0]?.focus();
    else if (event.key === 'End') rows.at(-1)?.focus();
    else return;
    event.preventDefault();
  };
}

/** Puts the focus on the first row inside an element. */
export function focusFirstRow(list: Element | null): void {
  list?.querySelector<HTMLElement>('[data-row]')?.focus();
}

function rowsOf(row: HTMLElement): HTMLElement[] {
  const list = row.closest('table, ul');
  return list ? [...list.querySelectorAll<HTMLElement>('[data-row]')] : [row];
}
