// What the recovery key is typed into: on the sign-in page and where the workstation did not open.
import { t } from '@lingui/core/macro';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Failure } from '@/api/client';
import type { UserPasswordRecoverRequest } from '@/api/types';
import { NewPassword } from '@/components/NewPassword';
import { clear, field, focusField } from '@/lib/form';
import { passwordProblem } from '@/lib/password';
import { Problem } from './Problem';
import classes from './session.module.css';

type Send = { submit: (request: UserPasswordRecoverRequest) => Promise<boolean>; pending: boolean; failure: Failure | null };
type Mistake = { field: string; message: string };

function mistakeIn(form: HTMLFormElement): Mistake | null {
  if (field(form, 'recoveryKey').trim() === '') return { field: 'recoveryKey', message: t`Type the key from the paper, or scan its code` };
  if (field(form, 'username').trim() === '') return { field: 'username', message: t`Type the administrator’s user name` };
  return passwordProblem(field(form, 'password'), field(form, 'repeat'));
}

export function RecoverForm({ send, label, action }: { send: Send; label: string; action: string }) {
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const errorOf = (name: string) => (mistake?.field === name ? mistake.message : undefined);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const found = mistakeIn(form);
    setMistake(found);
    if (found !== null) {
      clear(form, 'password', 'repeat');
      return focusField(form, found.field);
    }
    const request = {
      recoveryKey: field(form, 'recoveryKey').trim(),
      username: field(form, 'username').trim(),
      password: field(form, 'password'),
    };
    clear(form, 'recoveryKey', 'password', 'repeat');
    if (!(await send.submit(request))) focusField(form, 'recoveryKey');
  }

  return (
    <form className={classes.form} aria-label={label} noValidate onSubmit={(event) => void submit(event)}>
      <Textarea
        name="recoveryKey"
        label={t`Recovery key`}
        description={t`14 groups of 4, as on the paper; capitals and hyphens do not matter`}
        autoComplete="off"
        spellCheck={false}
        rows={3}
        autoFocus
        styles={{ input: { height: 76, fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: 1.5 } }}
        error={errorOf('recoveryKey')}
      />
      <TextInput name="username" label={t`Administrator’s user name`} autoComplete="off" autoCapitalize="none" spellCheck={false} error={errorOf('username')} />
      <NewPassword label={t`New password`} hint={t`It serves the next sign-in; another one is chosen then.`} errorOf={errorOf} />
      <Problem message={send.failure?.message} />
      <Button type="submit" loading={send.pending} fullWidth>
        {action}
      </Button>
    </form>
  );
}
