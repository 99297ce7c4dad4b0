// Choosing a password in place of the one that somebody else gave: until then the core does nothing else.
import { t } from '@lingui/core/macro';
import { Button, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSessionEnd, useUserPasswordChange } from '@/api/mutations';
import type { SessionView } from '@/api/types';
import { NewPassword } from '@/components/NewPassword';
import { clear, field, focusField } from '@/lib/form';
import { passwordProblem } from '@/lib/password';
import { GatePage } from './GatePage';
import { Problem } from './Problem';
import classes from './session.module.css';

type Mistake = { field: string; message: string };

export function ChoosePasswordPage({ session }: { session: SessionView }) {
  const change = useUserPasswordChange();
  const end = useSessionEnd();
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const errorOf = (name: string) => (mistake?.field === name ? mistake.message : undefined);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const request = { current: field(form, 'current'), password: field(form, 'password') };
    const found: Mistake | null =
      request.current === ''
        ? { field: 'current', message: t`Type the password that you were given` }
        : passwordProblem(request.password, field(form, 'repeat'));
    clear(form, 'current', 'password', 'repeat');
    setMistake(found);
    if (found !== null) focusField(form, found.field);
    else if (!(await change.submit(request))) focusField(form, 'current');
  }

  const hide = { 'aria-label': t`Show the password` };
  return (
    <GatePage session={session} title={t`Choose your password`}>
      <p className={classes.hint}>
        {t`${session.user?.displayName ?? t`You`}: your password was given to you by somebody else. Choose one that only you know; then you go on.`}
      </p>
      <form className={classes.form} aria-label={t`Choose your password`} noValidate onSubmit={(event) => void submit(event)}>
        <PasswordInput name="current" label={t`The password that you were given`} autoComplete="off" autoFocus visibilityToggleButtonProps={hide} error={errorOf('current')} />
        <NewPassword label={t`Your own password`} errorOf={errorOf} />
        <Problem message={change.failure?.message ?? end.error?.message} />
        <Button type="submit" loading={change.pending} fullWidth>
          {t`Use this password`}
        </Button>
      </form>
      <p className={classes.hint}>
        <Button variant="subtle" size="compact-sm" onClick={() => end.mutate(false)}>
          {t`Sign out`}
        </Button>
      </p>
    </GatePage>
  );
}
