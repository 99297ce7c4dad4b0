// Words for a case: how grave, how it stands, what was done, what it turned out to be.
import { plural, t } from '@lingui/core/macro';
import { IconAlertHexagon, IconAlertTriangle, IconCircleCheck, IconCircleDot, IconEye, IconFlame, IconInfoCircle, type Icon } from '@tabler/icons-react';
import type { CaseFinding, IncidentAbout, IncidentGravity, IncidentStage, IncidentRow } from '@/api/types';
import { spanWords } from './ruleWords';

/** Icon and word beside the colour. */
export const gravityWords: Record<IncidentGravity, { word: string; sign: Icon; tone: 'quiet' | 'attention' | 'danger' }> = {
  low: { get word() { return t({ message: 'Low', context: 'gravity of an incident' }); }, sign: IconInfoCircle, tone: 'quiet' },
  medium: { get word() { return t({ message: 'Medium', context: 'gravity of an incident' }); }, sign: IconAlertTriangle, tone: 'attention' },
  high: { get word() { return t({ message: 'High', context: 'gravity of an incident' }); }, sign: IconAlertHexagon, tone: 'danger' },
  critical: { get word() { return t({ message: 'Critical', context: 'gravity of an incident' }); }, sign: IconFlame, tone: 'danger' },
};

export const stageWords: Record<IncidentStage, { word: string; sign: Icon }> = {
  open: { get word() { return t({ message: 'Open', context: 'stage of an incident' }); }, sign: IconCircleDot },
  acknowledged: { get word() { return t({ message: 'Acknowledged', context: 'stage of an incident' }); }, sign: IconEye },
  closed: { get word() { return t({ message: 'Closed', context: 'stage of an incident' }); }, sign: IconCircleCheck },
};

export const findingWords: Record<CaseFinding, string> = {
  get appropriate() { return t`Appropriate: it was for care or work`; },
  get mistake() { return t`A mistake without consequence`; },
  get inappropriate() { return t`Inappropriate: it was not theirs to see`; },
  get attack() { return t`An attack from outside, or with somebody else’s account`; },
  get technical() { return t`A fault of a machine or of this program`; },
};

export const findings = Object.keys(findingWords) as CaseFinding[];

const stepWords: Record<string, string> = {
  get raised() { return t`Raised`; },
  get acknowledged() { return t`Acknowledged`; },
  get assigned() { return t`Given to somebody`; },
  get commented() { return t`Comment`; },
  get escalated() { return t`Escalated`; },
  get assessed() { return t`Assessed`; },
  get suspended() { return t`Account suspended on every workstation`; },
  get 'suspension-lifted'() { return t`Suspension lifted`; },
  get closed() { return t`Case closed`; },
  get reopened() { return t`Opened anew`; },
  get 'evidence-exported'() { return t`Evidence exported`; },
};

/** A newer server may know other words. */
export const stepLabel = (what: string): string => stepWords[what] ?? what.replaceAll('-', ' ');

const deliveryWords: Record<string, string> = {
  get waiting() { return t`Waiting`; },
  get delivered() { return t`Delivered`; },
  get failed() { return t`Failed`; },
};

export const deliveryLabel = (state: string): string => deliveryWords[state] ?? state;

const basisWords: Record<string, string> = {
  get 'care-team'() { return t`care team`; },
  get encounter() { return t`encounter`; },
  get appointment() { return t`appointment`; },
  get order() { return t`order`; },
  get referral() { return t`referral`; },
  get shift() { return t`shift on the ward`; },
  get none() { return t`nothing`; },
  get unknown() { return t`not known`; },
};

/** What explains an access. */
export const basisLabel = (basis: string): string => basisWords[basis] ?? basis;

/** Whom an incident is about. */
export function aboutWords(about: IncidentAbout): string {
  switch (about.kind) {
    case 'user':
      return about.who;
    case 'workstation':
      return about.host;
    case 'patient':
      return about.patient ?? t`patient ${about.patientId}`;
    case 'server':
      return t`the server`;
  }
}

/** `incident 12 about M. LINDQVIST`: what a confirming button names. */
export const caseName = (row: IncidentRow): string => t`incident ${row.id} about ${aboutWords(row.subject)}`;

/** `34 minutes old`. */
export const ageWords = (minutes: number): string => (minutes === 0 ? t`just now` : t`${spanWords(minutes * 60)} old`);

/** How long is left for the notices of a breach. */
export function clockWords(days: number): string {
  if (days < 0) return plural(-days, { one: 'overdue by # day', other: 'overdue by # days' });
  return plural(days, { one: '# day left', other: '# days left' });
}

/** Notices are due within so many days after the discovery (45 CFR 164.404(b)). */
export const notifyDays = 60;
