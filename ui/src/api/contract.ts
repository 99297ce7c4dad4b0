// The shape of the core's commands and events: what mock.ts must offer as well.
import type { commands } from './bindings';
import type * as T from './types';

export type Result<V> = { status: 'ok'; data: V } | { status: 'error'; error: T.AppError };

export type Commands = typeof commands;

type Event<P> = { listen(handler: (event: { payload: P }) => void): Promise<() => void> };

export type Events = {
  sessionChanged: Event<T.SessionView>;
  lockWarning: Event<T.LockWarning>;
  importProgressed: Event<T.ImportProgress>;
  backupProgressed: Event<T.BackupProgress>;
  syncChanged: Event<T.SyncView>;
};
