// Under which name the list keeps what is open in it, so that a worklist can open a chart right there.
import type { Kept } from '@/lib/kept';

/** As ListWithDetail names it for the list `Amendments`. */
const openKept = 'amendments/open';

type AmendmentPlace = { section: 'amendments'; kept: Record<string, Kept> };

/** The request beside the list. */
export const atAmendment = (id: string): AmendmentPlace => ({ section: 'amendments', kept: { [openKept]: id } });
