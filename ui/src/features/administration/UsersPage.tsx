// The users of this workstation and their teams, and making one more.
import { t } from '@lingui/core/macro';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useUserCreate } from '@/api/mutations';
import { useSync, useUsers } from '@/api/queries';
import type { Role } from '@/api/types';
import { NewPassword } from '@/components/NewPassword';
import { Empty, sentence, StateView } from '@/components/StateView';
import { clear, field, focusField } from '@/lib/form';
import { passwordProblem } from '@/lib/password';
import { roles, roleWords } from '@/lib/words';
import { Teams } from './Teams';
import { UserTable } from './UserTable';
import classes from './administration.module.css';

export function UsersPage() {
  const users = useUsers();
  const inFleet = (useSync().data?.link ?? 'not-enrolled') !== 'not-enrolled';
  return (
    <section className={classes.page} aria-label={t`Users`}>
      <h1 className={classes.heading}>{t`Users`}</h1>
      <p className={classes.lead}>{t`FHIR Practitioner and PractitionerRole. One user per person; the role decides what the person sees.`}</p>
      <div className={classes.columns}>
        <StateView
          read={users}
          what={t`the users`}
          isEmpty={(list) => list.length === 0}
          empty={<Empty title={t`No users yet`} hint={t`Make the first one beside this list.`} />}
        >
          {(list) => (
            <div>
              <UserTable users={list} />
              <Teams users={list} />
            </div>
          )}
        </StateView>
        {inFleet ? (
          <p className={classes.elsewhere} role="note">
            {t`Users of the fleet are looked after at its server, where new ones are made (vigil-server user add). They sign in at every workstation. Those who were made here before are looked after here.`}
          </p>
        ) : (
          <UserForm />
        )}
      </div>
    </section>
  );
}

type Mistake = { field: string; message: string };

function mistakeIn(form: HTMLFormElement): Mistake | null {
  if (field(form, 'displayName').trim() === '') return { field: 'displayName', message: t`Type the name that others see` };
  if (!/^[A-Za-z0-9._-]{2,64}$/.test(field(form, 'username').trim()))
    return { field: 'username', message: t`Use 2 to 64 letters, digits, dots, hyphens or underscores` };
  return passwordProblem(field(form, 'password'), field(form, 'repeat'));
}

function UserForm() {
  const create = useUserCreate();
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const errorOf = (name: string) => (mistake?.field === name ? mistake.message : undefined);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const found = mistakeIn(form);
    const request = {
      displayName: field(form, 'displayName').trim(),
      username: field(form, 'username').trim(),
      role: field(form, 'role') as Role,
      password: field(form, 'password'),
    };
    clear(form, 'password', 'repeat');
    setMistake(found);
    setMade(null);
    if (found !== null) return focusField(form, found.field);
    if (!(await create.submit(request))) return focusField(form, 'username');
    form.reset();
    setMade(t`${request.displayName} can sign in as ${request.username}.`);
    focusField(form, 'displayName');
  }

  return (
    <form className={classes.form} aria-label={t`New user`} noValidate onSubmit={(event) => void submit(event)}>
      <h2 className={classes.subheading}>{t`New user`}</h2>
      <TextInput id="user-name" name="displayName" label={t`Name`} placeholder={t`Dr A. OKAFOR`} autoComplete="off" error={errorOf('displayName')} />
      <TextInput id="user-username" name="username" label={t`User name`} autoComplete="off" autoCapitalize="none" spellCheck={false} error={errorOf('username')} />
      <NativeSelect id="user-role" name="role" label={t`Role`} data={roles.map((role) => ({ value: role, label: roleWords[role] }))} defaultValue="nurse" />
      <NewPassword label={t`First password`} errorOf={errorOf} />
      <div role="alert" className={classes.problem}>
        {create.failure ? sentence(create.failure.message) : null}
      </div>
      <div role="status">{made}</div>
      <Button type="submit" loading={create.pending}>
        {t`Make the user`}
      </Button>
    </form>
  );
}
