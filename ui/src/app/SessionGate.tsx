// One page per stage of the session. While it is locked nothing else is mounted, so nothing of a patient is in the page.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSessionEvents } from '@/api/useEvents';
import { forgetPatients, useSession } from '@/api/queries';
import { Failed, Loading } from '@/components/StateView';
import { FirstStartPage } from '@/features/session/FirstStartPage';
import { LockPage } from '@/features/session/LockPage';
import { SignInPage } from '@/features/session/SignInPage';
import { Frame } from './Frame';

export function SessionGate() {
  const session = useSession();
  const client = useQueryClient();
  useSessionEvents();
  const stage = session.data?.stage;
  useEffect(() => {
    if (stage !== 'unlocked') forgetPatients(client);
  }, [client, stage]);

  if (session.isError) {
    return (
      <main>
        <Failed what="Vigil cannot open this workstation" error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data === undefined) {
    return (
      <main>
        <Loading what="the session" />
      </main>
    );
  }
  switch (session.data.stage) {
    case 'first-start':
      return <FirstStartPage session={session.data} />;
    case 'signed-out':
      return <SignInPage session={session.data} />;
    case 'locked':
      return <LockPage session={session.data} />;
    case 'unlocked':
      return <Frame key={session.data.user?.id} session={session.data} />;
  }
}
