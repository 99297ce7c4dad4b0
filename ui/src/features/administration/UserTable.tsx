// The users in one table: who they are, when they were here last, and what an administrator does about their accounts.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useSession } from '@/api/queries';
import type { UserView } from '@/api/types';
import { useTeams } from '@/api/users';
import { moment } from '@/lib/language/moment';
import { roleWords } from '@/lib/words';
import { AccountQuestion } from './AccountQuestion';
import { ResetPassword } from './ResetPassword';
import { UserEdit } from './UserEdit';
import { UserFactor } from './UserFactor';
import classes from './administration.module.css';

export function UserTable({ users }: { users: UserView[] }) {
  const own = useSession().data?.user?.id;
  const teams = useTeams().data ?? [];
  const [reset, setReset] = useState<string | null>(null);
  const [asked, setAsked] = useState<UserView | null>(null);
  const [edited, setEdited] = useState<UserView | null>(null);
  return (
    <>
      <table className={classes.table} aria-label={t`Users of this workstation`}>
        <thead>
          <tr>
            <th scope="col">{t`Name`}</th>
            <th scope="col">{t`User name`}</th>
            <th scope="col">{t`Role`}</th>
            <th scope="col">{t`Teams`}</th>
            <th scope="col">{t`Second factor`}</th>
            <th scope="col">{t`Last sign-in and use`}</th>
            <th scope="col">
              <span className="visually-hidden">{t`What to do`}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <Fragment key={user.id}>
              <tr>
                <th scope="row">
                  {user.displayName}
                  {user.practitioner === null ? null : <div className={classes.reference}>{user.practitioner}</div>}
                </th>
                <td>{user.username}</td>
                <td>{roleWords[user.role]}</td>
                <td>{teams.filter((team) => user.teamIds.includes(team.id)).map((team) => team.name).join(', ')}</td>
                <td>
                  <UserFactor user={user} />
                </td>
                <td className="quiet">
                  <LastUse user={user} />
                </td>
                <td className={classes.acts}>
                  {user.id === own ? (
                    <span className="quiet">{t`Yours`}</span>
                  ) : (
                    <>
                      <Button size="compact-xs" variant="default" aria-label={t`Change ${user.displayName}`} onClick={() => setEdited(user)}>
                        {t`Change`}
                      </Button>
                      <Button variant="subtle" size="compact-xs" onClick={() => setReset(user.id)} aria-expanded={reset === user.id}>
                        {t`New password`}<span className="visually-hidden"> {t`for ${user.displayName}`}</span>
                      </Button>
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={user.disabled ? t`Open the account of ${user.displayName}` : t`Close the account of ${user.displayName}`}
                        onClick={() => setAsked(user)}
                      >
                        {user.disabled ? t`Open` : t`Close`}
                      </Button>
                    </>
                  )}
                </td>
              </tr>
              {reset === user.id ? (
                <tr>
                  <td colSpan={7} className={classes.inside}>
                    <ResetPassword user={user} onEnd={() => setReset(null)} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
      <AccountQuestion user={asked} onDone={() => setAsked(null)} />
      <UserEdit user={edited} teams={teams} onDone={() => setEdited(null)} />
    </>
  );
}

function LastUse({ user }: { user: UserView }) {
  return (
    <>
      {moment(user.lastSignIn ?? t`never`)}
      {user.lastUse === null ? null : <div>{t`used ${moment(user.lastUse)}`}</div>}
      {user.unusedDays === null ? null : <div className={classes.unused}>{t`Unused for ${user.unusedDays} days`}</div>}
      {user.disabled ? <div className={classes.closed}>{t`Closed`}</div> : null}
    </>
  );
}
