// Signing in at this workstation.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSessionCreate } from '@/api/mutations';
import type { SessionView } from '@/api/types';
import { clear, field, focusField } from '@/lib/form';
import { ForgottenPassword } from './ForgottenPassword';
import { GatePage } from './GatePage';
import { Problem } from './Problem';
import classes from './session.module.css';

export function SignInPage({ session }: { session: SessionView }) {
  const signIn = useSessionCreate();
  const [missing, setMissing] = useState<string>();
  const [forgotten, setForgotten] = useState(false);
  const [said, setSaid] = useState('');

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const request = { username: field(form, 'username').trim(), password: field(form, 'password') };
    clear(form, 'password');
    if (request.username === '' || request.password === '') {
      setMissing('Type your user name and your password');
      focusField(form, request.username === '' ? 'username' : 'password');
      return;
    }
    setMissing(undefined);
    setSaid('');
    if (!(await signIn.submit(request))) focusField(form, 'password');
  }

  if (forgotten) {
    const back = (text?: string) => {
      setForgotten(false);
      setSaid(text ?? '');
    };
    return (
      <GatePage session={session} title="Forgotten password">
        <ForgottenPassword onBack={back} />
      </GatePage>
    );
  }
  return (
    <GatePage session={session} title="Sign in">
      <p role="status" className={classes.said}>
        {said}
      </p>
      <form className={classes.form} aria-label="Sign in" noValidate onSubmit={(event) => void submit(event)}>
        <TextInput name="username" label="User name" autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus required withAsterisk={false} />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="off"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <Problem message={missing ?? signIn.failure?.message} />
        <Button type="submit" loading={signIn.pending} fullWidth>
          Sign in
        </Button>
      </form>
      <p className={classes.aside}>
        <Button variant="subtle" size="compact-sm" onClick={() => setForgotten(true)}>
          Forgotten password?
        </Button>
      </p>
    </GatePage>
  );
}
