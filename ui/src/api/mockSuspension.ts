// Two suspensions of the invented core: one that stands, one that was lifted.
import type { Commands, Result } from './contract';
import type * as T from './types';

export function suspensions(): T.SuspensionRow[] {
  return [
    {
      id: 2, who: 'M. LINDQVIST', since: '22-Nov-2026 02:41:07', incident: null, opened: 81, asked: 84, usual: '20', allowed: 60,
      hoursBefore: [0, 0, 0, 0, 4, 9, 12, 8, 11, 7, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 14, 80], own: false, lift: null,
    },
    {
      id: 1, who: 'Dr A. OKAFOR', since: '12-Nov-2026 09:12:55', incident: null, opened: 91, asked: 91, usual: '22.5', allowed: 67,
      hoursBefore: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 18, 41, 90], own: false,
      lift: { who: 'T. ABEBE', at: '12-Nov-2026 09:20:31', reason: 'Vaccination day, as announced to the ward' },
    },
  ];
}

export function suspensionList(rows: T.SuspensionRow[]): T.SuspensionListView {
  return { rows, open: rows.filter((row) => row.lift === null).length };
}

type Names = 'suspensionSearch' | 'suspensionLift' | 'suspensionSupervisedLift';
type Core = {
  mock: { user: T.UserView | null; suspension: T.SuspensionNoteView | null; suspensions: T.SuspensionRow[] };
  answer: <V>(command: Names, request: unknown, work: () => V) => Promise<Result<V>>;
  session: () => T.SessionView;
  checkPassword: (password: string) => void;
};

export function suspensionCommands({ mock, answer, session, checkPassword }: Core): Pick<Commands, Names> {
  return {
    suspensionSearch: () => answer('suspensionSearch', null, () => suspensionList(mock.suspensions)),
    suspensionLift: (request) =>
      answer('suspensionLift', request, () => {
        const lift = { who: mock.user?.displayName ?? '', at: '22-Nov-2026 08:20:11', reason: request.reason };
        mock.suspensions = mock.suspensions.map((row) => (row.id === request.id ? { ...row, lift } : row));
        return suspensionList(mock.suspensions);
      }),
    suspensionSupervisedLift: (request) =>
      answer('suspensionSupervisedLift', { username: request.username, reason: request.reason }, () => {
        checkPassword(request.password);
        mock.suspension = null;
        return session();
      }),
  };
}
