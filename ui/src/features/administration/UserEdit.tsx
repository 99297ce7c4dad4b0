// Changing what another user is: name, role, practitioner, teams. Says what another role means before it is given.
import { t } from '@lingui/core/macro';
import { Button, Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/api/client';
import type { Role, TeamView, UserUpdateRequest, UserView } from '@/api/types';
import { useUserUpdate } from '@/api/users';
import { sentence } from '@/components/StateView';
import { field, focusField } from '@/lib/form';
import { roles, roleWords } from '@/lib/words';
import classes from './administration.module.css';

type Props = { user: UserView | null; teams: TeamView[]; onDone: () => void };

export function UserEdit({ user, teams, onDone }: Props) {
  const title = user === null ? '' : t`Change ${user.displayName}`;
  return (
    <Modal opened={user !== null} onClose={onDone} title={title} closeButtonProps={{ 'aria-label': t`Close without a change` }} transitionProps={{ duration: 0 }} returnFocus>
      {user === null ? null : <UserForm key={user.id} user={user} teams={teams} onDone={onDone} />}
    </Modal>
  );
}

function UserForm({ user, teams, onDone }: Props & { user: UserView }) {
  const update = useUserUpdate();
  const [role, setRole] = useState<Role>(user.role);
  const [mistake, setMistake] = useState<string>();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const request: UserUpdateRequest = {
      id: user.id,
      displayName: field(form, 'displayName').trim(),
      role,
      practitioner: field(form, 'practitioner').trim(),
      teamIds: checkedOf(form, 'team'),
    };
    setMistake(request.displayName === '' ? t`Type the name that others see` : undefined);
    if (request.displayName === '') return focusField(form, 'displayName');
    update.mutate(request, { onSuccess: onDone, onError: () => focusField(form, 'displayName') });
  }

  return (
    <form className={classes.plain} aria-label={t`Change ${user.displayName}`} noValidate onSubmit={submit}>
      <TextInput id="edit-name" name="displayName" label={t`Name`} defaultValue={user.displayName} autoComplete="off" data-autofocus error={mistake} />
      <NativeSelect
        id="edit-role"
        label={t`Role`}
        data={roles.map((one) => ({ value: one, label: roleWords[one] }))}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value as Role)}
      />
      {role === user.role || user.disabled ? null : (
        <p className={classes.consequence} role="status">
          {t`Their session ends at its next request. Keys that a ${roleWords[user.role]} holds and a ${roleWords[role]} does not are replaced; those of a ${roleWords[role]} are granted.`}
        </p>
      )}
      <TextInput
        id="edit-practitioner"
        name="practitioner"
        label={t`Practitioner in the charts`}
        description={t`FHIR reference: Practitioner/abc or Practitioner?identifier=system|value. Empty: nothing is known of whom they treat.`}
        defaultValue={user.practitioner ?? ''}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Choices legend={t`Teams`} name="team" of={teams.filter((team) => !team.byServer).map((team) => ({ id: team.id, label: team.name }))} chosen={user.teamIds} none={t`There are no teams yet.`} />
      <div role="alert" className={classes.problem}>
        {update.error ? sentence(failureOf(update.error).message) : null}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={update.isPending}>
          {t`Save the changes to ${user.displayName}`}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t`Cancel`}
        </Button>
      </div>
    </form>
  );
}

type ChoicesProps = { legend: string; name: string; of: { id: string; label: string }[]; chosen: string[]; none: string };

/** A list of which any number is chosen. */
export function Choices({ legend, name, of, chosen, none }: ChoicesProps) {
  return (
    <fieldset className={classes.choices}>
      <legend>{legend}</legend>
      {of.length === 0 ? <p className="quiet">{none}</p> : null}
      {of.map((one) => (
        <Checkbox key={one.id} id={`${name}-${one.id}`} name={name} value={one.id} label={one.label} defaultChecked={chosen.includes(one.id)} />
      ))}
    </fieldset>
  );
}

/** The values of the checked boxes of one name. */
export function checkedOf(form: HTMLFormElement, name: string): string[] {
  return [...form.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)].filter((box) => box.checked).map((box) => box.value);
}
