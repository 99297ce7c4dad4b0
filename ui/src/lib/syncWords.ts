// How the central server and this workstation stand, in words. Entries are those of the audit log (FHIR AuditEvent).
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
      return 'Not connected to a central server';
    case 'connecting':
      return 'Connecting';
    case 'connected':
      return 'Connected';
    case 'offline':
      return since === null ? 'Offline' : `Offline since ${shortMoment(since, today)}`;
    case 'refused':
      return 'Connection refused';
    case 'conflict':
      return 'Sending stopped';
  }
}

const meaningWords: Record<SyncLink, string> = {
  'not-enrolled': 'The audit log stays on this workstation.',
  connecting: '',
  connected: '',
  offline: 'Work goes on; everything is sent later.',
  refused: 'Work goes on; an administrator has to act.',
  conflict: 'Work goes on; an administrator has to act.',
};

/** What it means for those who work here. */
export function meaningOf({ link, leaseOver }: SyncView): string {
  const away = link === 'offline' || link === 'refused' || link === 'conflict';
  // Whoever is signed in works on; what was signed off comes back only with the server.
  return leaseOver && away ? 'Nobody of the server’s directory can sign in until it is reached. In an emergency, two persons open the emergency account.' : meaningWords[link];
}

/** `12 entries`, `1 entry`. */
export const entries = (count: number) => (count === 1 ? '1 entry' : `${count.toLocaleString('en')} entries`);

export function queueWords({ waiting, oldest }: SyncView, today: string): string {
  if (waiting === 0) return 'No entry waits';
  const wait = `${entries(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`;
  return oldest === null ? wait : `${wait} since ${shortMoment(oldest, today)}`;
}

export function receiptWords({ lastReceipt }: SyncView, today: string): string {
  return lastReceipt === null ? 'No receipt yet' : `Last receipt ${shortMoment(lastReceipt, today)}`;
}

/** Where the two clocks differ by a minute or more. */
export function clockWords(ahead: number): string {
  return `The clock of this workstation is ${duration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} the server’s`;
}

export const quarantineWords = (count: number) => `The server could not open ${entries(count)}: ${count === 1 ? 'it stays' : 'they stay'} here`;

/** `12-40` are the first and the last. */
export function lostWords(lost: string): string {
  const [first, last = first] = lost.split('-');
  return first === last ? `The server lost entry ${first}, which it had confirmed` : `The server lost entries ${first} to ${last}, which it had confirmed`;
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
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
