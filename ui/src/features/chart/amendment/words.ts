// How requests for amendments are named.
import type { AmendmentRow, AmendmentStatus, DenialGround } from '@/api/types';

export const statusWords: Record<AmendmentStatus, string> = {
  open: 'Not decided yet',
  extended: 'Not decided yet, time extended',
  accepted: 'Accepted',
  denied: 'Denied',
};

/** 45 CFR 164.526(a)(2), in its order. */
export const grounds: Record<DenialGround, string> = {
  'not-created-here': 'Not created here; its creator can still act',
  'not-part-of-the-record': 'Not part of the designated record set',
  'not-open-to-inspection': 'Not open to inspection (45 CFR 164.524)',
  'accurate-and-complete': 'Accurate and complete',
};

export const isOpen = (row: AmendmentRow) => row.status === 'open' || row.status === 'extended';

export const aboutOf = (row: AmendmentRow) => row.about ?? 'Not shown to your role';
