// Where in the place it is kept that the page of printing is open, and for what.
import type { PaperKind, Section } from '@/api/types';

/** What is to be printed: a kind, and of a note which one. */
export type Wish = { section: Section; kind: PaperKind; note: string | null };

export const printKept = 'print/open';

export const writeWish = (wish: Wish | null) => (wish === null ? '' : JSON.stringify(wish));

/** A newer or an older program may have written it. */
export function readWish(text: string): Wish | null {
  try {
    const wish = JSON.parse(text) as Partial<Wish> | null;
    return typeof wish?.section === 'string' && typeof wish.kind === 'string' ? { section: wish.section, kind: wish.kind, note: wish.note ?? null } : null;
  } catch {
    return null;
  }
}

/** The first kind that fits the section, among those that the user prints. */
export function kindFor(section: Section, kinds: readonly PaperKind[]): PaperKind | null {
  const fitting: Partial<Record<Section, PaperKind>> = { medications: 'medication-list', documents: 'note' };
  const wanted = fitting[section];
  return wanted !== undefined && kinds.includes(wanted) ? wanted : (kinds[0] ?? null);
}

/** Printing is open in this section of a chart. */
export const atPrint = (section: Section, kind: PaperKind) => ({ section, kept: { [printKept]: writeWish({ section, kind, note: null }) } });
