// The invented core's part for the central server: a scene for each way in which it and the workstation can stand.
import { dayOf, dayWords, later } from '@/lib/day';
import type { Commands, Result } from './contract';
import type * as T from './types';

/** Each link, one that has been away for too long, and a connection with everything that can be wrong with it. */
export type SyncScene = T.SyncLink | 'lease-over' | 'troubled';

/** A time so many days ago, as the core writes it: the screen writes today's times shorter. */
const at = (time: string, daysAgo = 0) => `${dayWords(later(dayOf(new Date()), -daysAgo)).split(' ')[1] ?? ''} ${time}`;

const alone: T.SyncView = {
  link: 'not-enrolled', since: null, why: null, waiting: 0, oldest: null, lastReceipt: null, urgent: 0, quarantined: 0, lost: null, clockAhead: null,
  server: null, enrolledAt: null, enrolment: null, certificateExpires: null, directory: 0, leaseEnds: null, leaseOver: false,
};

export function syncScenes(): Record<SyncScene, T.SyncView> {
  const enrolled: T.SyncView = {
    ...alone,
    link: 'connected',
    lastReceipt: at('10:41'),
    server: 'https://vigil.harbour.example:8443',
    enrolledAt: at('09:12', 14),
    enrolment: '0b9f6c52-6a1e-4f0f-9a55-2f6b1f0c7d41',
    certificateExpires: at('09:12', -76),
    directory: 14,
    leaseEnds: at('10:41', -3),
  };
  const backlog = { waiting: 12, oldest: at('10:42') };
  return {
    'not-enrolled': alone,
    connecting: { ...enrolled, link: 'connecting', ...backlog },
    connected: enrolled,
    offline: { ...enrolled, link: 'offline', since: at('10:42'), why: 'The server cannot be reached; is the network up, and the server running?', ...backlog, urgent: 1 },
    'lease-over': { ...enrolled, link: 'offline', since: at('10:42', 4), why: 'The server cannot be reached; is the network up, and the server running?', waiting: 318, oldest: at('10:42', 4), leaseEnds: at('10:41', 1), leaseOver: true },
    refused: { ...enrolled, link: 'refused', why: 'The server refuses this workstation\'s certificate; enrol the workstation again', ...backlog },
    conflict: { ...enrolled, link: 'conflict', why: 'The server holds another entry 4,188 than this log; keep this workstation as it is and call the privacy officer', ...backlog },
    troubled: { ...enrolled, waiting: 1_204, oldest: at('17:30', 2), quarantined: 2, lost: '12-40', clockAhead: -312 },
  };
}

type Part = 'syncRead' | 'syncRetry' | 'fleetJoin' | 'keyDeposit';
type Core = {
  mock: { sync: T.SyncView };
  needFresh: () => void;
  answer: <V>(command: Part, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
};

export function syncCommands({ mock, needFresh, answer, refuse }: Core): Pick<Commands, Part> {
  return {
    syncRead: () => answer('syncRead', null, () => mock.sync),
    syncRetry: () => answer('syncRetry', null, () => mock.sync),
    // The token stays out of what tests look at, as passwords do.
    fleetJoin: (request) =>
      answer('fleetJoin', null, () => {
        needFresh();
        if (request.token.includes('used'))
          refuse('invalid', 'https://vigil.harbour.example:8444 does not accept this token: it was used, or is older than a day; ask for a new one (vigil-server device token)');
        const again = mock.sync.link !== 'not-enrolled';
        mock.sync = { ...syncScenes().connected, waiting: 4_211, oldest: at('09:02', 200), lastReceipt: null, enrolledAt: at('10:42') };
        if (again) mock.sync = { ...mock.sync, enrolment: '7d1c2a90-3f4b-4d0e-8a11-95c0e7b3a2f6' };
        return mock.sync;
      }),
    keyDeposit: () =>
      answer('keyDeposit', null, () => {
        needFresh();
        return mock.sync;
      }),
  };
}
