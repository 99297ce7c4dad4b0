// Offers every page of the frame to ask the user to authenticate again.
import { useCallback, useState, type ReactNode } from 'react';
import { AskContext } from '@/api/reauthentication';
import type { Purpose, SessionView } from '@/api/types';
import { Reauthenticate } from '@/features/session/Reauthenticate';

type Asked = { purpose: Purpose; done: ((authenticated: boolean) => void)[] };

export function Reauthentication({ session, children }: { session: SessionView; children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  // Several charts that come back at once ask together: one answer serves them.
  const ask = useCallback((purpose: Purpose) => new Promise<boolean>((done) => setAsked((asked) => ({ purpose, done: [...(asked?.done ?? []), done] }))), []);
  return (
    <AskContext value={ask}>
      {children}
      {asked === null ? null : (
        <Reauthenticate
          session={session}
          purpose={asked.purpose}
          onDone={(authenticated) => {
            setAsked(null);
            for (const done of asked.done) done(authenticated);
          }}
        />
      )}
    </AskContext>
  );
}
