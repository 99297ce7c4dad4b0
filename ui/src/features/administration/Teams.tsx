// The teams: who is in them, and what stands for them in the charts.
import { t } from '@lingui/core/macro';
import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/api/client';
import type { TeamView, UserView } from '@/api/types';
import { useTeamDelete, useTeamPut, useTeams } from '@/api/users';
import { Empty, sentence, StateView } from '@/components/StateView';
import { field, focusField } from '@/lib/form';
import { checkedOf, Choices } from './UserEdit';
import classes from './administration.module.css';

/** Which team is being changed: one that is there, a new one, or none. */
type Asked = TeamView | 'new' | null;

export function Teams({ users }: { users: UserView[] }) {
  const teams = useTeams();
  const [asked, setAsked] = useState<Asked>(null);
  const [dissolve, setDissolve] = useState<TeamView | null>(null);
  const nameOf = (id: string) => users.find((user) => user.id === id)?.displayName ?? t`somebody unknown`;
  const make = (
    <Button size="compact-sm" variant="default" onClick={() => setAsked('new')}>
      {t`New team`}
    </Button>
  );
  return (
    <section aria-label={t`Teams`} className={classes.teams}>
      <div className={classes.account}>
        <h2 className={classes.subheading}>{t`Teams`}</h2>
        {make}
      </div>
      <StateView
        read={teams}
        what={t`the teams`}
        isEmpty={(list) => list.length === 0}
        empty={<Empty title={t`No teams yet`} hint={t`A team stands for an organisation, a location or a care team of the charts: whoever is in it has to do with its patients.`} />}
      >
        {(list) => (
          <table className={classes.table} aria-label={t`Teams of this workstation`}>
            <thead>
              <tr>
                <th scope="col">{t`Team`}</th>
                <th scope="col">{t`In the charts`}</th>
                <th scope="col">{t`Members`}</th>
                <th scope="col">
                  <span className="visually-hidden">{t`What to do`}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map((team) => (
                <tr key={team.id}>
                  <th scope="row">{team.name}</th>
                  <td className={classes.reference}>{team.reference ?? <span className="quiet">{t`nothing`}</span>}</td>
                  <td>{team.memberIds.length === 0 ? <span className="quiet">{t`nobody`}</span> : team.memberIds.map(nameOf).join(', ')}</td>
                  <td className={classes.account}>
                    {team.byServer ? (
                      <span className="quiet">{t`of the server’s directory, changed there`}</span>
                    ) : (
                      <>
                        <Button size="compact-xs" variant="default" aria-label={t`Change the team ${team.name}`} onClick={() => setAsked(team)}>
                          {t`Change`}
                        </Button>{' '}
                        <Button size="compact-xs" variant="subtle" aria-label={t`Dissolve the team ${team.name}`} onClick={() => setDissolve(team)}>
                          {t`Dissolve`}
                        </Button>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </StateView>
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked === 'new' || asked === null ? t`New team` : t`Change the team ${asked.name}`}
        closeButtonProps={{ 'aria-label': t`Close without a change` }}
        transitionProps={{ duration: 0 }}
        returnFocus
      >
        {asked === null ? null : <TeamForm team={asked === 'new' ? null : asked} users={users} onDone={() => setAsked(null)} />}
      </Modal>
      <Dissolve team={dissolve} onDone={() => setDissolve(null)} />
    </section>
  );
}

function TeamForm({ team, users, onDone }: { team: TeamView | null; users: UserView[]; onDone: () => void }) {
  const put = useTeamPut();
  const [mistake, setMistake] = useState<string>();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const request = { id: team?.id ?? null, name: field(form, 'name').trim(), reference: field(form, 'reference').trim(), memberIds: checkedOf(form, 'member') };
    setMistake(request.name === '' ? t`Type the name of the team` : undefined);
    if (request.name === '') return focusField(form, 'name');
    put.mutate(request, { onSuccess: onDone, onError: () => focusField(form, 'name') });
  }

  return (
    <form className={classes.plain} aria-label={t`Team`} noValidate onSubmit={submit}>
      <TextInput id="team-name" name="name" label={t`Name`} placeholder={t`Ward 3 West`} defaultValue={team?.name ?? ''} autoComplete="off" data-autofocus error={mistake} />
      <TextInput
        id="team-reference"
        name="reference"
        label={t`In the charts`}
        description={t`FHIR reference to an Organization, a Location or a CareTeam, such as Location/w3. May be empty.`}
        defaultValue={team?.reference ?? ''}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Choices
        legend={t`Members`}
        name="member"
        of={users.map((user) => ({ id: user.id, label: user.disabled ? t`${user.displayName} (closed account)` : user.displayName }))}
        chosen={team?.memberIds ?? []}
        none={t`There are no users.`}
      />
      <div role="alert" className={classes.problem}>
        {put.error ? sentence(failureOf(put.error).message) : null}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={put.isPending}>
          {team === null ? t`Make the team` : t`Save the team ${team.name}`}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t`Cancel`}
        </Button>
      </div>
    </form>
  );
}

function Dissolve({ team, onDone }: { team: TeamView | null; onDone: () => void }) {
  const remove = useTeamDelete();
  const close = () => {
    remove.reset();
    onDone();
  };
  const title = team === null ? '' : t`Dissolve the team ${team.name}`;
  return (
    <Modal opened={team !== null} onClose={close} title={title} closeButtonProps={{ 'aria-label': t`Close this question` }} transitionProps={{ duration: 0 }} returnFocus>
      <p>{t`Its members are members no more: charts that they open because of this team open to them no longer in the ordinary way.`}</p>
      <div role="alert" className={classes.problem}>
        {remove.error ? sentence(failureOf(remove.error).message) : null}
      </div>
      <div className={classes.buttons}>
        <Button loading={remove.isPending} onClick={() => (team === null ? undefined : remove.mutate({ id: team.id }, { onSuccess: close }))}>
          {title}
        </Button>
        <Button variant="default" onClick={close}>
          {t`Cancel`}
        </Button>
      </div>
    </Modal>
  );
}
