// Where the invented core begins.
import type { mock as Mock, resetMock as Reset, warnOfLock as Warn } from './mock';
import { someNotes } from './mockNote';
import { syncScenes, type SyncScene } from './mockSync';
import { choose, type Language } from '@/lib/language/language';
import type * as T from './types';

type Core = { mock: typeof Mock; resetMock: typeof Reset; warnOfLock: typeof Warn };

/** `npm run dev:mock` begins where the address says: `?as=physician`, `?as=admin&stage=locked`, `?stage=first-start`, `?sync=offline`, `?notes`, `?place={...}`, `?language=pseudo`. */
export function beginAsAddressed(query: URLSearchParams, { mock, resetMock, warnOfLock }: Core) {
  const role = query.get('as') as T.Role | null;
  if (role) resetMock(role);
  mock.stage = (query.get('stage') as T.Stage | null) ?? mock.stage;
  mock.environment = (query.get('environment') as T.Environment | null) ?? mock.environment;
  mock.place = query.get('place');
  mock.weak = query.get('custodian') !== 'strong';
  mock.passwordDue = query.has('password-due');
  const stage = query.get('recovery') as T.RecoveryStage | null;
  if (stage && stage !== 'made') mock.recovery = { stage, fingerprint: null, made: null };
  if (query.has('overdue')) mock.backup = { ...mock.backup, last: '02-Nov-2026 17:40', ageDays: 19, overdue: true };
  if (query.has('device-key-lost'))
    mock.failures.sessionRead = { code: 'device-key-lost', message: 'the device key could not be used: the TPM has no key for this installation' };
  const scene = query.get('sync') as SyncScene | null;
  if (scene) mock.sync = syncScenes()[scene];
  mock.factorAtSignIn = query.has('factor');
  mock.factorAtUnlock = query.has('factor');
  mock.stale = query.has('stale');
  mock.recent = role ? ['p0', 'p3', 'p8'] : [];
  if (query.has('notes')) mock.notes = someNotes();
  if (query.has('language')) void choose(query.get('language') as Language);
  if (query.has('warn')) setInterval(() => warnOfLock(Number(query.get('warn'))), 500);
}
