// Under which names the Documents section keeps what is open in it, so that a worklist can open a chart right there.
import type { Kept } from '@/lib/kept';

export const draftKept = 'note/draft';
/** As ListWithDetail names it for the list `Documents`. */
const documentKept = 'documents/open';

export const noteKey = (id: string) => `Composition/${id}`;

type NotePlace = { section: 'documents'; kept: Record<string, Kept> };

/** The draft in its editor. */
export const atDraft = (id: string): NotePlace => ({ section: 'documents', kept: { [draftKept]: id } });

/** The signed note beside the list. */
export const atNote = (id: string): NotePlace => ({ section: 'documents', kept: { [draftKept]: null, [documentKept]: noteKey(id) } });
