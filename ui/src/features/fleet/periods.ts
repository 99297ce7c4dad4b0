// Over which time the desk looks back.
import { t } from '@lingui/core/macro';
import type { ActivityPeriod } from '@/api/types';

export const periods: { value: ActivityPeriod; label: string }[] = [
  { value: 'day', get label() { return t`24 hours`; } },
  { value: 'week', get label() { return t`7 days`; } },
  { value: 'month', get label() { return t`30 days`; } },
];
