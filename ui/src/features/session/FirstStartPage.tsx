// First start: names the hospital and makes its first administrator. There is no default password.
import { t } from '@lingui/core/macro';
import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useAdministratorCreate } from '@/api/mutations';
import type { SessionView } from '@/api/types';
import { NewPassword } from '@/components/NewPassword';
import { clear, field, focusField } from '@/lib/form';
import { passwordProblem } from '@/lib/password';
import { GatePage } from './GatePage';
import { Problem } from './Problem';
import classes from './session.module.css';

const asked = {
  get organization() { return t`Type the hospital’s name`; },
  get displayName() { return t`Type your name as others should see it`; },
  get username() { return t`Type the user name that you will sign in with`; },
};

type Mistake = { field: string; message: string };

function mistakeIn(form: HTMLFormElement): Mistake | null {
  for (const [name, message] of Object.entries(asked)) if (field(form, name).trim() === '') return { field: name, message };
  return passwordProblem(field(form, 'password'), field(form, 'repeat'));
}

export function FirstStartPage({ session }: { session: SessionView }) {
  const create = useAdministratorCreate();
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const errorOf = (name: string) => (mistake?.field === name ? mistake.message : undefined);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const found = mistakeIn(form);
    const request = {
      organization: field(form, 'organization').trim(),
      displayName: field(form, 'displayName').trim(),
      username: field(form, 'username').trim(),
      password: field(form, 'password'),
    };
    clear(form, 'password', 'repeat');
    setMistake(found);
    if (found !== null) focusField(form, found.field);
    else if (!(await create.submit(request))) focusField(form, 'password');
  }

  return (
    <GatePage session={session} title={t`First start: make the first administrator`}>
      <p className={classes.hint}>
        {t`This workstation holds no users yet. The administrator makes the other users and imports records, and sees no chart.`}
      </p>
      <form className={classes.form} aria-label={t`First administrator`} noValidate onSubmit={(event) => void submit(event)}>
        <TextInput name="organization" label={t`Hospital`} description={t`FHIR Organization.name`} autoComplete="off" autoFocus error={errorOf('organization')} />
        <TextInput name="displayName" label={t`Your name`} placeholder={t`Dr A. OKAFOR`} autoComplete="off" error={errorOf('displayName')} />
        <TextInput name="username" label={t`User name`} autoComplete="off" autoCapitalize="none" spellCheck={false} error={errorOf('username')} />
        <NewPassword label={t`Password`} hint={t`Nobody can read it; a forgotten one is replaced with the recovery key.`} errorOf={errorOf} />
        <Problem message={create.failure?.message} />
        <Button type="submit" loading={create.pending} fullWidth>
          {t`Make the administrator and sign in`}
        </Button>
      </form>
    </GatePage>
  );
}
