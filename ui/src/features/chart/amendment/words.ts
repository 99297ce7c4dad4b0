// How requests for amendments are named.
import { t } from '@lingui/core/macro';
import type { AmendmentRow, AmendmentStatus, DenialGround } from '@/api/types';

export const statusWords: Record<AmendmentStatus, string> = {
  get open() { return t`Not decided yet`; },
  get extended() { return t`Not decided yet, time extended`; },
  get accepted() { return t`Accepted`; },
  get denied() { return t`Denied`; },
};

/** 45 CFR 164.526(a)(2), in its order. */
export const grounds: Record<DenialGround, string> = {
  get 'not-created-here'() { return t`Not created here; its creator can still act`; },
  get 'not-part-of-the-record'() { return t`Not part of the designated record set`; },
  get 'not-open-to-inspection'() { return t`Not open to inspection (45 CFR 164.524)`; },
  get 'accurate-and-complete'() { return t`Accurate and complete`; },
};

export const isOpen = (row: AmendmentRow) => row.status === 'open' || row.status === 'extended';

export const aboutOf = (row: AmendmentRow) => row.about ?? t`Not shown to your role`;
