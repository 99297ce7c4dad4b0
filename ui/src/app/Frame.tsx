// The frame around every page of a signed-in user: rail, top line, open charts, the page, the countdown to the lock.
import { useHotkeys } from '@mantine/hooks';
import { useState } from 'react';
import { useSessionEnd, useSessionLock } from '@/api/mutations';
import { useSecondsToLock } from '@/api/useEvents';
import type { SessionView } from '@/api/types';
import { LockCountdown } from '@/features/session/LockCountdown';
import { ChartTabs } from './ChartTabs';
import { CloseWhich } from './CloseWhich';
import { ErrorBoundary } from './ErrorBoundary';
import { isFull } from './place';
import { Rail } from './Rail';
import { Reauthentication } from './Reauthentication';
import { RecoveryStrip } from './RecoveryStrip';
import { PageOf } from './routes';
import { TopLine } from './TopLine';
import { useCommands } from './useCommands';
import { usePlace } from './usePlace';
import classes from './frame.module.css';

export function Frame({ session }: { session: SessionView }) {
  const { place, move, saveNow } = usePlace(session.place);
  const lock = useSessionLock();
  const end = useSessionEnd();
  const seconds = useSecondsToLock();
  const [waiting, setWaiting] = useState<string | null>(null);

  const open = (patientId: string) => {
    const first = session.may.sections[0];
    if (first === undefined) return;
    if (isFull(place, patientId)) setWaiting(patientId);
    else {
      setWaiting(null);
      move({ type: 'open', patientId, section: first });
    }
  };
  // The place first, because a locked core takes none; but the lock waits for nothing longer than a blink.
  const lockNow = () => void Promise.race([saveNow(), pause(100)]).then(() => lock.mutate());
  const commands = useCommands(session, place, move, lockNow, () => end.mutate());

  useHotkeys(
    [
      ['ctrl+L', lockNow],
      ...[1, 2, 3, 4].map((number): [string, () => void] => [
        `ctrl+${number}`,
        () => {
          const chart = place.charts[number - 1];
          if (chart) open(chart.patientId);
        },
      ]),
    ],
    [],
  );

  const failure = lock.error ?? end.error;
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#page">
        Skip to the page
      </a>
      <Rail session={session} page={place.page} onGo={(page) => move({ type: 'go', page })} onSignOut={() => end.mutate()} />
      <div className={classes.main}>
        <TopLine session={session} seconds={seconds} commands={commands} onOpen={open} onLock={lockNow} problem={failure} />
        <RecoveryStrip session={session} onGo={() => move({ type: 'go', page: 'backup' })} />
        <ChartTabs charts={place.charts} current={place.patientId} onOpen={open} onClose={(patientId) => move({ type: 'close', patientId })} />
        <main id="page" tabIndex={-1} className={classes.page}>
          {waiting === null ? (
            <ErrorBoundary key={`${place.page} ${place.patientId ?? ''}`} what="This page">
              <Reauthentication session={session}>
                <PageOf session={session} place={place} move={move} onOpen={open} />
              </Reauthentication>
            </ErrorBoundary>
          ) : (
            <CloseWhich
              charts={place.charts}
              onCancel={() => setWaiting(null)}
              onClose={(patientId) => {
                setWaiting(null);
                move({ type: 'close', patientId });
                const first = session.may.sections[0];
                if (first !== undefined) move({ type: 'open', patientId: waiting, section: first });
              }}
            />
          )}
        </main>
        {seconds === null ? null : <LockCountdown seconds={seconds} />}
      </div>
    </div>
  );
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
