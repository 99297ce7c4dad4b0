// What the rules of the server are called, and what each counts. A hospital may have rules of its own: those are called by their id.
import { plural, t } from '@lingui/core/macro';
import type { IncidentNumbers } from '@/api/types';
import { number } from '@/lib/language/number';

type Counted = 'patients' | 'accesses' | 'people' | 'emergencies' | 'sign-ins' | 'exports' | 'workstations' | 'events';

const known: Record<string, { label: string; counts: Counted }> = {
  'volume-unexplained': { get label() { return t`Far more charts than usual, and nothing explains them`; }, counts: 'patients' },
  'volume-unexplained-far': { get label() { return t`Very many charts that nothing explains`; }, counts: 'patients' },
  'volume-all': { get label() { return t`Far more charts than usual`; }, counts: 'patients' },
  'repeated-unexplained': { get label() { return t`Opens charts again and again that nothing explains`; }, counts: 'accesses' },
  'same-patient-again': { get label() { return t`Comes back to one chart that nothing explains`; }, counts: 'accesses' },
  'vip-user': { get label() { return t`Opened charts of well-known persons`; }, counts: 'accesses' },
  'vip-crowd': { get label() { return t`Many people at the chart of a well-known person`; }, counts: 'people' },
  'co-worker-again': { get label() { return t`Comes back to the chart of a colleague`; }, counts: 'accesses' },
  'co-workers': { get label() { return t`Opened charts of colleagues`; }, counts: 'accesses' },
  'off-hours': { get label() { return t`Charts at hours that are not usual`; }, counts: 'accesses' },
  'break-glass-burst': { get label() { return t`Many emergency accesses within hours`; }, counts: 'emergencies' },
  'break-glass-often': { get label() { return t`Emergency accesses week after week`; }, counts: 'emergencies' },
  'account-attacked': { get label() { return t`Somebody guesses at an account`; }, counts: 'sign-ins' },
  'workstation-attacked': { get label() { return t`Somebody guesses at a workstation`; }, counts: 'sign-ins' },
  'export-charts': { get label() { return t`Many charts exported`; }, counts: 'exports' },
  'export-unexplained': { get label() { return t`Exported charts that nothing explains`; }, counts: 'exports' },
  'print-many': { get label() { return t`Many papers printed`; }, counts: 'exports' },
  'log-integrity': { get label() { return t`An audit log was changed, or has a gap`; }, counts: 'events' },
  'silent-device': { get label() { return t`Workstations are silent`; }, counts: 'workstations' },
  'key-event': { get label() { return t`A key was replaced or recovered`; }, counts: 'events' },
  'security-alert': { get label() { return t`A workstation raised an alarm`; }, counts: 'events' },
};

export const ruleLabel = (rule: string): string => known[rule]?.label ?? rule.replaceAll('-', ' ');

/** Whether the rule counts each patient once. */
export const countsPatients = (rule: string): boolean => known[rule]?.counts === 'patients';

/** `41 patients`. */
export function counted(rule: string, count: number): string {
  switch (known[rule]?.counts ?? 'events') {
    case 'patients':
      return plural(count, { one: '# patient', other: '# patients' });
    case 'accesses':
      return plural(count, { one: '# access', other: '# accesses' });
    case 'people':
      return plural(count, { one: '# person', other: '# people' });
    case 'emergencies':
      return plural(count, { one: '# emergency access', other: '# emergency accesses' });
    case 'sign-ins':
      return plural(count, { one: '# refused sign-in', other: '# refused sign-ins' });
    case 'exports':
      return plural(count, { one: '# export', other: '# exports' });
    case 'workstations':
      return plural(count, { one: '# workstation', other: '# workstations' });
    case 'events':
      return plural(count, { one: '# event', other: '# events' });
  }
}

/** `60 minutes`, `12 hours`, `28 days`. */
export function spanWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes <= 90) return plural(minutes, { one: '# minute', other: '# minutes' });
  const hours = Math.round(minutes / 60);
  if (hours <= 48) return plural(hours, { one: '# hour', other: '# hours' });
  return plural(Math.round(hours / 24), { one: '# day', other: '# days' });
}

/** `41 patients in 60 minutes; 12 are usual, 36 were allowed`. */
export function figureWords(rule: string, { count, limit, usual, windowSeconds }: IncidentNumbers): string {
  const what = counted(rule, count);
  if (windowSeconds === 0) return what;
  const span = spanWords(windowSeconds);
  const most = number(limit);
  return usual === null ? t`${what} in ${span}; ${most} were allowed` : t`${what} in ${span}; ${usual} are usual, ${most} were allowed`;
}
