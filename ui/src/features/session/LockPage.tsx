// The whole window while it is locked: who is signed in and since when, and nothing of any patient.
import { Button, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSessionEnd, useSessionUnlock } from '@/api/mutations';
import type { SessionView } from '@/api/types';
import { clear, field, focusField } from '@/lib/form';
import { roleWords } from '@/lib/words';
import { GatePage } from './GatePage';
import { Problem } from './Problem';
import classes from './session.module.css';

export function LockPage({ session }: { session: SessionView }) {
  const unlock = useSessionUnlock();
  const end = useSessionEnd();
  const [missing, setMissing] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const password = field(form, 'password');
    clear(form, 'password');
    setMissing(password === '' ? 'Type your password' : undefined);
    if (password === '' || !(await unlock.submit({ password }))) focusField(form, 'password');
  }

  return (
    <GatePage session={session} title="Locked">
      {session.user === null ? null : (
        <dl className={classes.who}>
          <dt>Signed in</dt>
          <dd>
            <strong>{session.user.displayName}</strong>, {roleWords[session.user.role]}
          </dd>
          <dt>Since</dt>
          <dd>{session.signedInAt ?? 'Not known'}</dd>
        </dl>
      )}
      <form className={classes.form} aria-label="Unlock" noValidate onSubmit={(event) => void submit(event)}>
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="off"
          autoFocus
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <Problem message={missing ?? unlock.failure?.message ?? end.error?.message} />
        <Button type="submit" loading={unlock.pending} fullWidth>
          Unlock
        </Button>
      </form>
      <p className={classes.hint}>
        Unlocking brings back the place where you were. “Switch user” signs {session.user?.displayName ?? 'the user'} out, so that somebody else can sign in.
      </p>
      <Button variant="default" fullWidth onClick={() => end.mutate()} disabled={end.isPending}>
        Switch user
      </Button>
    </GatePage>
  );
}
