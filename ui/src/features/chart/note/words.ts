// How a note is named in the middle of a sentence.
import type { NoteDraftView, NoteRelation } from '@/api/types';

export const relationWords: Record<NoteRelation, { label: string; of: string; by: string; write: string }> = {
  addendum: { label: 'Addendum', of: 'Addendum to', by: 'Added to', write: 'Write an addendum' },
  amendment: { label: 'Amendment', of: 'Amendment of', by: 'Amended', write: 'Write an amendment' },
};

/** `progress note`, `SOAP note`, `addendum`. */
export function nounOf({ title, follows }: Pick<NoteDraftView, 'title' | 'follows'>): string {
  return follows === null ? lower(title) : follows.relation;
}

/** An abbreviation keeps its capitals. */
const lower = (title: string) => (/^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title);
