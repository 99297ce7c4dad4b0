// What the core says by itself, without being asked.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { events } from './client';
import { useSessionTaker } from './mutations';
import { keys } from './queries';
import type * as T from './types';

type Source<P> = { listen(handler: (event: { payload: P }) => void): Promise<() => void> };

/** Listens for as long as the component lives, also when it goes before the core has answered. */
function useEvent<P>(source: Source<P>, handle: (payload: P) => void) {
  useEffect(() => {
    let gone = false;
    let stop: (() => void) | undefined;
    void source
      .listen((event) => {
        if (!gone) handle(event.payload);
      })
      .then((unlisten) => {
        if (gone) unlisten();
        else stop = unlisten;
      });
    return () => {
      gone = true;
      stop?.();
    };
    // The handlers below close over nothing that changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source]);
}

/** Takes every session the core announces: an idle lock arrives this way. */
export function useSessionEvents() {
  useEvent(events.sessionChanged, useSessionTaker());
}

/** Seconds to the idle lock in the last minute, or null. The core says it each second, and null when input came. */
export function useSecondsToLock(): number | null {
  const [seconds, setSeconds] = useState<number | null>(null);
  useEvent(events.lockWarning, (warning: T.LockWarning) => setSeconds(warning.secondsLeft));
  return seconds;
}

/** Keeps in step how the central server and this workstation stand, also while locked. */
export function useSyncEvents() {
  const client = useQueryClient();
  useEvent(events.syncChanged, (state: T.SyncView) => {
    // An answer that is still on its way is older.
    void client.cancelQueries({ queryKey: keys.sync });
    client.setQueryData(keys.sync, state);
  });
}

/** Keeps the import's progress in step; the report is read when the import has ended. */
export function useImportEvents() {
  const client = useQueryClient();
  useEvent(events.importProgressed, (progress: T.ImportProgress) => {
    if (['done', 'cancelled', 'failed'].includes(progress.phase)) void client.invalidateQueries({ queryKey: keys.importProgress });
    else client.setQueryData(keys.importProgress, progress);
  });
}

/** Keeps a backup's progress in step; when it has ended the time of the last one is read anew. */
export function useBackupEvents() {
  const client = useQueryClient();
  useEvent(events.backupProgressed, (progress: T.BackupProgress) => {
    if (progress.phase === 'writing') return client.setQueryData(keys.backupProgress, progress);
    // Read anew, which drops an answer still on its way: it could say that the backup goes on.
    void client.invalidateQueries({ queryKey: keys.backupProgress });
    void client.invalidateQueries({ queryKey: keys.backupStatus, exact: true });
  });
}
