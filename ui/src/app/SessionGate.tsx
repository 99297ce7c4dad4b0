// One page per stage of the session. While it is locked nothing else is mounted, so nothing of a patient is in the page.
import { t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { useSessionEvents, useSyncEvents } from '@/api/useEvents';
import { forgetPatients, useSession } from '@/api/queries';
import { Loading } from '@/components/StateView';
import { ChoosePasswordPage } from '@/features/session/ChoosePasswordPage';
import { EnrolmentPage } from '@/features/session/EnrolmentPage';
import { FactorAskedPage } from '@/features/session/FactorAskedPage';
import { FirstStartPage } from '@/features/session/FirstStartPage';
import { GatePage } from '@/features/session/GatePage';
import { LockPage } from '@/features/session/LockPage';
import { SignInPage } from '@/features/session/SignInPage';
import { StartFailurePage } from '@/features/session/StartFailurePage';
import { speakFor } from '@/lib/language/language';
import { Colours } from './Colours';

/** Everything behind the sign-in, which the page before it does not wait for. */
export const loadFrame = async () => ({ default: (await import('./Frame')).Frame });
const Frame = lazy(loadFrame);
const RecoveryKeyFlow = lazy(async () => ({ default: (await import('@/features/recovery/RecoveryKeyFlow')).RecoveryKeyFlow }));

export function SessionGate() {
  const session = useSession();
  return (
    <>
      {session.data === undefined ? null : <Colours chosen={session.data.preferences.colours} />}
      <Stages />
    </>
  );
}

function Stages() {
  const session = useSession();
  const client = useQueryClient();
  useSessionEvents();
  useSyncEvents();
  const stage = session.data?.stage;
  useEffect(() => {
    if (stage !== 'unlocked') forgetPatients(client);
  }, [client, stage]);

  const chosen = session.data?.preferences.language ?? '';
  useEffect(() => void speakFor(chosen).catch(() => null), [chosen]);

  if (session.isError) return <StartFailurePage error={session.error} />;
  if (session.data === undefined) {
    return (
      <main>
        <Loading what={t`the session`} />
      </main>
    );
  }
  switch (session.data.stage) {
    case 'first-start':
      return <FirstStartPage session={session.data} />;
    case 'signed-out':
      return <SignInPage session={session.data} />;
    case 'factor-asked':
      return <FactorAskedPage session={session.data} />;
    case 'factor-enrolment':
      return <EnrolmentPage session={session.data} />;
    case 'locked':
      return <LockPage session={session.data} />;
    case 'unlocked':
      if (session.data.passwordDue) return <ChoosePasswordPage session={session.data} />;
      if (session.data.recovery === 'missing')
        return (
          <GatePage session={session.data} title={t`The organisation recovery key`} wide>
            <Suspense fallback={<Loading what={t`the page`} />}>
              <RecoveryKeyFlow stage="missing" />
            </Suspense>
          </GatePage>
        );
      return (
        <Suspense fallback={<Loading what={t`the pages`} />}>
          <Frame key={session.data.user?.id} session={session.data} />
        </Suspense>
      );
  }
}
