// How the central server and this workstation stand, in words. Entries are those of the audit log (FHIR AuditEvent).
import { plural, t } from '@lingui/core/macro';
import type { SyncLink, SyncView } from '@/api/types';
import { shortMoment } from './day';

/** What may be said while everything is well, what is to be seen at once though work goes on, and what endangers the log. */
export type Tone = 'calm' | 'attention' | 'danger';

export const linkTones: Record<SyncLink, Tone> = {
  'not-enrolled': 'calm',
  connecting: 'calm',
  connected: 'calm',
  offline: 'attention',
  refused: 'attention',
  conflict: 'danger',
};

export function linkWords({ link, since }: SyncView, today: string): string {
  switch (link) {
    case 'not-enrolled':
      return t`Not connected to a central server`;
    case 'connecting':
      return t`Connecting`;
    case 'connected':
      return t`Connected`;
    case 'offline':
      return since === null ? t`Offline` : t`Offline since ${shortMoment(since, today)}`;
    case 'refused':
      return t`Connection refused`;
    case 'conflict':
      return t`Sending stopped`;
  }
}

const meaningWords: Record<SyncLink, string> = {
  get 'not-enrolled'() { return t`The audit log stays on this workstation.`; },
  connecting: '',
  connected: '',
  get offline() { return t`Work goes on; everything is sent later.`; },
  get refused() { return t`Work goes on; an administrator has to act.`; },
  get conflict() { return t`Work goes on; an administrator has to act.`; },
};

/** What it means for those who work here. */
export function meaningOf({ link, leaseOver }: SyncView): string {
  const away = link === 'offline' || link === 'refused' || link === 'conflict';
  // Whoever is signed in works on; what was signed off comes back only with the server.
  return leaseOver && away ? t`Nobody of the server’s directory can sign in until it is reached. In an emergency, two persons open the emergency account.` : meaningWords[link];
}

/** `12 entries`, `1 entry`. */
export const entries = (count: number) => plural(count, { one: '# entry', other: '# entries' });

export function queueWords({ waiting, oldest }: SyncView, today: string): string {
  if (waiting === 0) return t`No entry waits`;
  if (oldest === null) return plural(waiting, { one: '# entry waits', other: '# entries wait' });
  const since = shortMoment(oldest, today);
  return plural(waiting, { one: `# entry waits since ${since}`, other: `# entries wait since ${since}` });
}

export function receiptWords({ lastReceipt }: SyncView, today: string): string {
  return lastReceipt === null ? t`No receipt yet` : t`Last receipt ${shortMoment(lastReceipt, today)}`;
}

/** Where the two clocks differ by a minute or more. */
export function clockWords(ahead: number): string {
  const by = duration(Math.abs(ahead));
  return ahead > 0 ? t`The clock of this workstation is ${by} ahead of the server’s` : t`The clock of this workstation is ${by} behind the server’s`;
}

export const quarantineWords = (count: number) => plural(count, { one: 'The server could not open # entry: it stays here', other: 'The server could not open # entries: they stay here' });

/** `12-40` are the first and the last. */
export function lostWords(lost: string): string {
  const [first = '', last = first] = lost.split('-');
  return first === last ? t`The server lost entry ${first}, which it had confirmed` : t`The server lost entries ${first} to ${last}, which it had confirmed`;
}

export type Trouble = { tone: Tone; words: string };

/** Everything that is wrong besides the link. */
export function troubles({ clockAhead, quarantined, lost }: SyncView): Trouble[] {
  const all: (Trouble | null)[] = [
    lost === null ? null : { tone: 'danger', words: lostWords(lost) },
    quarantined === 0 ? null : { tone: 'attention', words: quarantineWords(quarantined) },
    clockAhead === null ? null : { tone: 'attention', words: clockWords(clockAhead) },
  ];
  return all.filter((one) => one !== null);
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t`${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : t`${Math.round(hours / 24)} days`;
}
