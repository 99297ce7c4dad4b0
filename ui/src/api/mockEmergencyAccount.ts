// The invented core's emergency account: its halves are H1 and H2, their groups AAAA and BBBB.
import type { Commands, Result } from './contract';
import { person } from './mockUsers';
import type * as T from './types';

type Core = {
  mock: { emergencyAccount: T.EmergencyAccountView };
  answer: <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
  session: () => T.SessionView;
  signIn: (user: T.UserView) => T.SessionView;
};

export const noEmergencyAccount: T.EmergencyAccountView = { sealed: null, sealedBy: '', holders: [], opened: null, draft: null };

const account = person('u9', 'emergency account', 'Emergency account', 'physician', { emergencyAccount: true });

type Part = `emergencyAccount${'Read' | 'Make' | 'Seal' | 'Cancel'}` | 'emergencyHalfSave' | 'emergencySessionCreate';

export function emergencyAccountCommands({ mock, answer, refuse, session, signIn }: Core): Pick<Commands, Part> {
  const draft = () => mock.emergencyAccount.draft ?? refuse('not-found', 'no halves are waiting to be typed back; make new ones');
  const keep = (next: T.EmergencyDraftView) => {
    mock.emergencyAccount = { ...mock.emergencyAccount, draft: next };
    return next;
  };
  return {
    emergencyAccountRead: () => answer('emergencyAccountRead', null, () => mock.emergencyAccount),
    emergencyAccountMake: (request) =>
      answer('emergencyAccountMake', request, () => {
        if (request.holders[0] === request.holders[1]) refuse('invalid', 'name two different holders, each with 3 to 80 characters');
        return keep({ holders: request.holders, saved: [false, false], ask: [2, 5] });
      }),
    emergencyHalfSave: (request) => answer('emergencyHalfSave', request, () => keep({ ...draft(), saved: draft().saved.map((was, at) => was || at === request.half - 1) })),
    emergencyAccountSeal: (request) =>
      answer('emergencyAccountSeal', null, () => {
        const { holders } = draft();
        if (request.groups[0] !== 'AAAA') refuse('invalid', 'group 2 of half 1 is not what is on the paper; compare letter by letter');
        if (request.groups[1] !== 'BBBB') refuse('invalid', 'group 5 of half 2 is not what is on the paper; compare letter by letter');
        mock.emergencyAccount = { sealed: '28-Nov-2026 20:40', sealedBy: 'R. HALVORSEN', holders, opened: null, draft: null };
        return session();
      }),
    emergencyAccountCancel: () =>
      answer('emergencyAccountCancel', null, () => {
        mock.emergencyAccount = { ...mock.emergencyAccount, draft: null };
        return null;
      }),
    emergencySessionCreate: (request) =>
      answer('emergencySessionCreate', null, () => {
        if (mock.emergencyAccount.sealed === null) refuse('not-found', 'no emergency account was sealed at this workstation');
        if (request.halfOne !== 'H1') refuse('invalid', 'the first half: this half is mistyped, or it is the other paper; compare with the paper, group by group');
        mock.emergencyAccount = { ...mock.emergencyAccount, opened: '28-Nov-2026 20:45' };
        return signIn(account);
      }),
  };
}
