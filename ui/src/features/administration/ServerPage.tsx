// The central server: joining its fleet, how it and this workstation stand, and what can be done about it.
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useSyncRead } from '@/api/queries';
import { useFleetJoin } from '@/api/sync';
import type { SyncView } from '@/api/types';
import { Failed, StateView } from '@/components/StateView';
import { JoinFleet } from './JoinFleet';
import { ServerActs } from './ServerActs';
import { ServerFacts } from './ServerFacts';
import classes from './server.module.css';

export function ServerPage() {
  const sync = useSyncRead();
  return (
    <section className={classes.page} aria-label={t`Central server`}>
      <h1 className={classes.heading}>{t`Central server`}</h1>
      <p className={classes.lead}>{t`It keeps a second copy of the audit log and signs for it (45 CFR 164.312(b)), and it names the users of every workstation.`}</p>
      <StateView read={sync} what={t`how the central server and this workstation stand`}>
        {(state) => <Stands state={state} />}
      </StateView>
    </section>
  );
}

function Stands({ state }: { state: SyncView }) {
  const join = useFleetJoin();
  const [joined, setJoined] = useState(false);
  // The identity that another is to replace; once there is another, the question is over.
  const [former, setFormer] = useState<string | null>(null);
  const again = former !== null && former === state.enrolment;

  const ask = (enrolment: string | null) => {
    join.forget();
    setJoined(false);
    setFormer(enrolment);
  };
  const submit = async (token: string) => {
    const done = await join.submit({ token });
    setJoined(done);
    return done;
  };

  // While the core works it may say already that it is enrolled: the form stays until the answer is there.
  if (state.link === 'not-enrolled' || again || join.pending)
    return <JoinFleet pending={join.pending} failure={join.failure} onSubmit={submit} {...(former === null ? {} : { onLeave: () => ask(null) })} />;
  return (
    <>
      {join.failure === null ? null : <Failed what={t`The enrolment is not complete`} error={join.failure} />}
      <ServerFacts state={state} />
      <ServerActs joined={joined} onAgain={() => ask(state.enrolment)} />
    </>
  );
}
