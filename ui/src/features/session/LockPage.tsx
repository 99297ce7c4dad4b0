// The whole window while it is locked: who is signed in and since when, and nothing of any patient.
import { t } from '@lingui/core/macro';
import { Button, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSessionEnd, useSessionUnlock } from '@/api/mutations';
import type { SessionView } from '@/api/types';
import { FactorField, missingFactor, takeFactor, type FactorWay } from '@/components/FactorField';
import { SupervisedLift, SuspensionNote } from '@/components/SupervisedLift';
import { clear, field, focusField } from '@/lib/form';
import { moment } from '@/lib/language/moment';
import { ownPassword } from '@/lib/password';
import { roleWords } from '@/lib/words';
import { GatePage } from './GatePage';
import { Problem } from './Problem';
import classes from './session.module.css';

export function LockPage({ session }: { session: SessionView }) {
  const unlock = useSessionUnlock();
  const end = useSessionEnd();
  const [missing, setMissing] = useState<string>();
  const [way, setWay] = useState<FactorWay>('code');
  const asked = session.factorAtUnlock;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const password = field(form, 'password');
    const proof = asked ? takeFactor(form, way) : null;
    clear(form, 'password');
    const lacking = password === '' ? t`Type your password` : asked && proof === null ? missingFactor(way) : undefined;
    setMissing(lacking);
    if (lacking !== undefined || !(await unlock.submit({ password, proof }))) focusField(form, 'password');
  }

  return (
    <GatePage session={session} title={session.suspension === null ? t`Locked` : t`Account suspended`}>
      {session.user === null ? null : (
        <dl className={classes.who}>
          <dt>{t`Signed in`}</dt>
          <dd>
            <strong>{session.user.displayName}</strong>, {roleWords[session.user.role]}
          </dd>
          <dt>{t`Since`}</dt>
          <dd>{moment(session.signedInAt ?? t`Not known`)}</dd>
        </dl>
      )}
      {session.suspension === null ? null : (
        <div className={classes.apart}>
          <SuspensionNote note={session.suspension} />
        </div>
      )}
      <form className={classes.form} aria-label={t`Unlock`} noValidate onSubmit={(event) => void submit(event)}>
        <PasswordInput
          name="password"
          label={ownPassword(session, t`Password`)}
          autoComplete="off"
          autoFocus
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
        />
        {asked ? <FactorField way={way} onWay={setWay} smartCards={session.smartCards} /> : null}
        <Problem message={missing ?? unlock.failure?.message ?? end.error?.message} />
        <Button type="submit" loading={unlock.pending} fullWidth>
          {t`Unlock`}
        </Button>
      </form>
      {session.suspension === null ? null : (
        <div className={classes.apart}>
          <SupervisedLift session={session} />
        </div>
      )}
      <p className={classes.hint}>
        {t`Unlocking brings back the place where you were. Somebody else may switch to their own session: the place of ${session.user?.displayName ?? t`the user`} then waits, sealed, for their next sign-in. Signing out forgets it.`}
      </p>
      <div className={classes.ways}>
        <Button variant="default" onClick={() => end.mutate(true)} disabled={end.isPending}>
          {t`Switch user`}
        </Button>
        <Button variant="default" onClick={() => end.mutate(false)} disabled={end.isPending}>
          {t`Sign out`}
        </Button>
      </div>
    </GatePage>
  );
}
