// What a key means in a grid.
import type { KeyboardEvent } from 'react';

export type GridAction =
  | { kind: 'move'; by: number }
  | { kind: 'first' | 'last' | 'open' | 'clear' }
  | { kind: 'filter'; text: string };

const PAGE = 10;

/** Letters other than j and k begin a filter; `/` begins one that starts with those. */
export function gridKey(event: KeyboardEvent, list: { filtered: boolean; filterable: boolean }): GridAction | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  switch (event.key) {
    case 'ArrowDown':
    case 'j':
      return { kind: 'move', by: 1 };
    case 'ArrowUp':
    case 'k':
      return { kind: 'move', by: -1 };
    case 'PageDown':
      return { kind: 'move', by: PAGE };
    case 'PageUp':
      return { kind: 'move', by: -PAGE };
    case 'Home':
      return { kind: 'first' };
    case 'End':
      return { kind: 'last' };
    case 'Enter':
    case ' ':
      return { kind: 'open' };
    case 'Escape':
      return list.filtered ? { kind: 'clear' } : null;
    case '/':
      return list.filterable ? { kind: 'filter', text: '' } : null;
  }
  return list.filterable && event.key.length === 1 ? { kind: 'filter', text: event.key } : null;
}
