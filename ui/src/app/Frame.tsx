// The frame around every page of a signed-in user: rail, top line, open charts, the page, the countdown to the lock.
import { t } from '@lingui/core/macro';
import '@/components/mantine-behind.css';
import { useHotkeys } from '@mantine/hooks';
import { useState } from 'react';
import { useSessionEnd, useSessionLock } from '@/api/mutations';
import { usePreferences } from '@/api/preferences';
import { useStoredPlace } from '@/api/queries';
import { leftStored } from '@/api/onScreen';
import { useSecondsToLock } from '@/api/useEvents';
import type { PaperKind, SessionView } from '@/api/types';
import { SyncBar } from '@/components/SyncBar';
import { atPrint } from '@/features/chart/print/place';
import { LockCountdown } from '@/features/session/LockCountdown';
import { KeepUnder, KeepWith } from '@/lib/kept';
import { inOrder } from '@/lib/sectionOrder';
import { ChartTabs } from './ChartTabs';
import { CloseWhich } from './CloseWhich';
import { ErrorBoundary } from './ErrorBoundary';
import { EmergencyAccountStrip } from './EmergencyAccountStrip';
import { isFull, keptUnder, type Spot } from './place';
import { Rail } from './Rail';
import { Shortcuts } from './Shortcuts';
import { Reauthentication } from './Reauthentication';
import { RecoveryStrip } from './RecoveryStrip';
import { ReviewsStrip } from './ReviewsStrip';
import { SuspensionStrip } from './SuspensionStrip';
import { PageOf } from './routes';
import { TopLine } from './TopLine';
import { useCommands } from './useCommands';
import { useFocusKept } from './useFocusKept';
import { usePlace } from './usePlace';
import classes from './frame.module.css';

/** Drawn once it is known where the user was; without an answer they begin at home. */
export function Frame({ session }: { session: SessionView }) {
  const stored = useStoredPlace();
  return stored.isPending ? null : <FrameAt session={session} stored={stored.data ?? null} />;
}

function FrameAt({ session, stored }: { session: SessionView; stored: string | null }) {
  const { place, move, keeper, saveNow } = usePlace(stored);
  useFocusKept();
  const lock = useSessionLock();
  const end = useSessionEnd();
  const seconds = useSecondsToLock();
  const [waiting, setWaiting] = useState<{ patientId: string; spot: Spot | undefined } | null>(null);

  // A page that is open already is drawn anew where a spot leads into it.
  const [spots, setSpots] = useState(0);

  /** Opens a chart: where the spot says, else at its first section, or where it was left. */
  const openAt = (patientId: string, spot?: Spot) => {
    const section = spot?.section ?? inOrder(session.may.sections, session.preferences.firstSections, (one) => one)[0];
    if (section === undefined) return;
    for (const [name, value] of Object.entries(spot?.kept ?? {})) keeper.write(`${keptUnder.section({ patientId, section })}/${name}`, value);
    if (spot !== undefined) setSpots((before) => before + 1);
    move({ type: 'open', patientId, section, there: spot !== undefined });
  };
  const register = (typed: string) => {
    keeper.write(`${keptUnder.page('register')}/asked`, typed === '' ? null : typed);
    move({ type: 'go', page: 'register' });
  };
  const open = (patientId: string, spot?: Spot) => {
    if (isFull(place, patientId)) return setWaiting({ patientId, spot });
    setWaiting(null);
    openAt(patientId, spot);
  };
  // The place and what is being stored first, because a locked core takes neither; but the lock waits for nothing longer than a blink.
  const lockNow = () => void Promise.race([Promise.all([saveNow(), leftStored()]), pause(250)]).then(() => lock.mutate());
  const leave = (keepPlace: boolean) =>
    void Promise.race([Promise.all([keepPlace ? saveNow() : undefined, leftStored()]), pause(250)]).then(() => end.mutate(keepPlace));
  const look = usePreferences();
  const { enlarge } = look;
  const [keys, setKeys] = useState(false);
  const printHere = (kind: PaperKind) => {
    const chart = place.charts.find((one) => one.patientId === place.patientId);
    if (chart !== undefined) openAt(chart.patientId, atPrint(chart.section, kind));
  };
  const commands = useCommands(session, place, move, look, {
    print: printHere,
    register: () => register(''),
    keys: () => setKeys(true),
    lock: lockNow,
    signOut: () => leave(false),
    switchUser: () => leave(true),
  });

  useHotkeys(
    [
      ['ctrl+L', lockNow],
      ['F1', () => setKeys(true)],
      ['ctrl+=', () => enlarge(1)],
      ['ctrl+[NumpadAdd]', () => enlarge(1)],
      ['ctrl+plus', () => enlarge(1)],
      ['ctrl+shift+plus', () => enlarge(1)],
      ['ctrl+minus', () => enlarge(-1)],
      ['ctrl+[NumpadSubtract]', () => enlarge(-1)],
      ['ctrl+0', () => enlarge(0)],
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

  const failure = lock.error ?? end.error ?? look.error;
  return (
    <KeepWith keeper={keeper}>
      <div className={classes.frame}>
        <Shortcuts opened={keys} onClose={() => setKeys(false)} />
        <a className={classes.skip} href="#page">
          {t`Skip to the page`}
        </a>
        <Rail session={session} page={place.page} onGo={(page) => move({ type: 'go', page })} onColours={(colours) => look.change({ colours })} onSignOut={() => leave(false)} />
        <div className={classes.main}>
          <KeepUnder name={keptUnder.frame}>
            <TopLine session={session} seconds={seconds} commands={commands} chart={place.page === 'chart' ? place.patientId : null} onOpen={open} onLock={lockNow} problem={failure} />
          </KeepUnder>
          <RecoveryStrip session={session} onGo={() => move({ type: 'go', page: 'backup' })} />
          <EmergencyAccountStrip session={session} onGo={() => move({ type: 'go', page: 'backup' })} />
          <ReviewsStrip session={session} onGo={() => move({ type: 'go', page: 'reviews' })} />
          <SuspensionStrip session={session} onGo={() => move({ type: 'go', page: 'suspensions' })} />
          <Reauthentication session={session}>
            <ChartTabs charts={place.charts} current={place.patientId} onOpen={open} onClose={(patientId) => move({ type: 'close', patientId })} />
            <main id="page" tabIndex={-1} className={classes.page}>
              {waiting === null ? (
                <ErrorBoundary key={`${place.page} ${place.patientId ?? ''} ${spots}`} what={t`This page`}>
                  <PageOf session={session} place={place} move={move} onOpen={open} onRegister={register} />
                </ErrorBoundary>
              ) : (
                <CloseWhich
                  charts={place.charts}
                  onCancel={() => setWaiting(null)}
                  onClose={(patientId) => {
                    setWaiting(null);
                    move({ type: 'close', patientId });
                    openAt(waiting.patientId, waiting.spot);
                  }}
                />
              )}
            </main>
          </Reauthentication>
          {seconds === null ? null : <LockCountdown seconds={seconds} />}
          <SyncBar atServer={place.page === 'server'} {...(session.may.joinFleet ? { onServer: () => move({ type: 'go', page: 'server' }) } : {})} />
        </div>
      </div>
    </KeepWith>
  );
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
