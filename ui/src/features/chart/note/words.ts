// How a note is named in the middle of a sentence.
import { t } from '@lingui/core/macro';
import type { NoteDraftView, NoteRelation } from '@/api/types';

export const relationWords: Record<NoteRelation, { label: string; of: string; by: string; write: string }> = {
  addendum: { get label() { return t`Addendum`; }, get of() { return t`Addendum to`; }, get by() { return t`Added to`; }, get write() { return t`Write an addendum`; } },
  amendment: { get label() { return t`Amendment`; }, get of() { return t`Amendment of`; }, get by() { return t`Amended`; }, get write() { return t`Write an amendment`; } },
};

/** `progress note`, `SOAP note`, `addendum`. */
export function nounOf({ title, follows }: Pick<NoteDraftView, 'title' | 'follows'>): string {
  return follows === null ? lower(title) : follows.relation === 'addendum' ? t`addendum` : t`amendment`;
}

/** An abbreviation keeps its capitals. */
const lower = (title: string) => (/^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title);
