// The invented core's part for users and teams.
import type { Commands, Result } from './contract';
import { abilities } from './mockAbilities';
import type * as T from './types';

type Core = {
  mock: { user: T.UserView | null; users: T.UserView[]; teams: T.TeamView[] };
  needFresh: () => void;
  answer: <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
};

/** A user of whom nothing is known but this. */
export function person(id: string, username: string, displayName: string, role: T.Role, rest: Partial<T.UserView> = {}): T.UserView {
  return { id, username, displayName, role, lastSignIn: null, disabled: false, emergencyAccount: false, practitioner: null, factors: [], teamIds: [], lastUse: null, unusedDays: null, ...rest };
}

export const startingUsers: T.UserView[] = [
  person('u1', 'okafor', 'Dr A. OKAFOR', 'physician', { lastSignIn: '21-Nov 10:42', lastUse: '21-Nov-2026 11:20', factors: ['totp'], practitioner: 'Practitioner/d1', teamIds: ['t1'] }),
  person('u2', 'lindqvist', 'M. LINDQVIST', 'nurse', { factors: ['smart-card', 'totp'], unusedDays: 97 }),
  person('u3', 'admin', 'R. HALVORSEN', 'administrator', { lastSignIn: '20-Nov 08:03', lastUse: '22-Nov-2026 08:15' }),
  person('u4', 'privacy', 'T. ABEBE', 'privacy-officer'),
];

export const startingTeams: T.TeamView[] = [
  { id: 't1', name: 'Ward 3 West', reference: 'Location/w3', memberIds: ['u1'], byServer: false },
  { id: 't2', name: 'Stroke unit', reference: 'CareTeam/stroke', memberIds: [], byServer: true },
];

type Names = 'accessRightsRead' | 'accessRightsSave' | 'userSearch' | 'userCreate' | 'userUpdate' | 'teamSearch' | 'teamPut' | 'teamDelete';

/** What the invented core says of a user's rights. */
function rights(user: T.UserView, teams: T.TeamView[]): T.AccessRightsRow {
  const treats = user.role === 'physician' || user.role === 'nurse';
  return {
    userId: user.id,
    who: user.displayName,
    username: user.username,
    role: user.role.replaceAll('-', ' '),
    teams: teams.filter((team) => user.teamIds.includes(team.id)).map((team) => team.name),
    practitioner: user.practitioner ?? '',
    state: user.disabled ? 'closed' : 'open',
    factors: user.factors,
    lastSignIn: user.lastSignIn,
    lastUse: user.lastUse,
    unusedDays: user.unusedDays,
    keys: treats ? ['break-glass/1', 'care-group/general/1', 'directory/1'] : ['directory/1'],
    pages: abilities[user.role].sections,
    actions: treats ? ['patient export', 'emergency access start'] : ['user search'],
    changed: '14-Mar-2026 09:02',
    changedBy: 'R. HALVORSEN',
  };
}

export function userCommands({ mock, needFresh, answer, refuse }: Core): Pick<Commands, Names> {
  const own = (ids: string[]) => {
    if (mock.user !== null && ids.includes(mock.user.id)) refuse('forbidden', 'nobody changes their own rights; ask another administrator. The attempt is on record');
  };
  const members = (team: string, ids: string[]) => {
    mock.users = mock.users.map((user) => {
      const others = user.teamIds.filter((id) => id !== team);
      return { ...user, teamIds: ids.includes(user.id) ? [...others, team] : others };
    });
  };
  return {
    userSearch: () => answer('userSearch', null, () => [...mock.users]),
    userCreate: (request) =>
      answer('userCreate', { username: request.username, role: request.role }, () => {
        needFresh();
        if (mock.users.some((user) => user.username === request.username)) refuse('invalid', 'the user name is taken; choose another');
        const user = person(`u${mock.users.length + 10}`, request.username, request.displayName, request.role);
        mock.users = [...mock.users, user];
        return user;
      }),
    userUpdate: (request) =>
      answer('userUpdate', request, () => {
        needFresh();
        own([request.id]);
        const known = mock.users.find((user) => user.id === request.id);
        if (known === undefined) return refuse('invalid', 'there is no such user');
        const changed = { ...known, displayName: request.displayName, role: request.role, practitioner: request.practitioner || null, teamIds: request.teamIds };
        mock.users = mock.users.map((user) => (user.id === request.id ? changed : user));
        mock.teams = mock.teams.map((team) => {
          const others = team.memberIds.filter((id) => id !== request.id);
          return { ...team, memberIds: request.teamIds.includes(team.id) ? [...others, request.id] : others };
        });
        return changed;
      }),
    accessRightsRead: (request) =>
      answer('accessRightsRead', request, () => {
        const rows = mock.users.map((user) => rights(user, mock.teams)).sort((a, b) => a.who.localeCompare(b.who));
        return { rows: request.descending ? rows.reverse() : rows, common: ['session create', 'session end'] };
      }),
    accessRightsSave: (request) => answer('accessRightsSave', request, () => ({ path: request.path })),
    teamSearch: () => answer('teamSearch', null, () => [...mock.teams]),
    teamPut: (request) =>
      answer('teamPut', request, () => {
        needFresh();
        own(request.memberIds);
        if (mock.teams.some((team) => team.name === request.name && team.id !== request.id)) refuse('invalid', 'there is a team of this name');
        const team = { id: request.id ?? `t${mock.teams.length + 10}`, name: request.name, reference: request.reference || null, memberIds: request.memberIds, byServer: false };
        mock.teams = [...mock.teams.filter((one) => one.id !== team.id), team];
        members(team.id, team.memberIds);
        return team;
      }),
    teamDelete: (request) =>
      answer('teamDelete', request, () => {
        needFresh();
        mock.teams = mock.teams.filter((team) => team.id !== request.id);
        members(request.id, []);
        return null;
      }),
  };
}
