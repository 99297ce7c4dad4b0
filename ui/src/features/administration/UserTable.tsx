// The users in one table: who they are, when they were here last, and what an administrator does about their accounts.
import { Button } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useSession } from '@/api/queries';
import type { UserView } from '@/api/types';
import { useTeams } from '@/api/users';
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
      <table className={classes.table} aria-label="Users of this workstation">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">User name</th>
            <th scope="col">Role</th>
            <th scope="col">Teams</th>
            <th scope="col">Second factor</th>
            <th scope="col">Last sign-in and use</th>
            <th scope="col">
              <span className="visually-hidden">What to do</span>
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
                    <span className="quiet">Yours</span>
                  ) : (
                    <>
                      <Button size="compact-xs" variant="default" aria-label={`Change ${user.displayName}`} onClick={() => setEdited(user)}>
                        Change
                      </Button>
                      <Button variant="subtle" size="compact-xs" onClick={() => setReset(user.id)} aria-expanded={reset === user.id}>
                        New password<span className="visually-hidden"> for {user.displayName}</span>
                      </Button>
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`${user.disabled ? 'Open' : 'Close'} the account of ${user.displayName}`}
                        onClick={() => setAsked(user)}
                      >
                        {user.disabled ? 'Open' : 'Close'}
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
      {user.lastSignIn ?? 'never'}
      {user.lastUse === null ? null : <div>used {user.lastUse}</div>}
      {user.unusedDays === null ? null : <div className={classes.unused}>Unused for {user.unusedDays} days</div>}
      {user.disabled ? <div className={classes.closed}>Closed</div> : null}
    </>
  );
}
