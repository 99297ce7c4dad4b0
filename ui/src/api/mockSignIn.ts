// The part of the invented core that is about second factors.
import type { Commands, Result } from './contract';
import type * as T from './types';

type State = { stage: T.Stage; user: T.UserView | null; users: T.UserView[]; factors: T.FactorView[]; factorAtSignIn: boolean; smartCards: boolean; stale: boolean; codesLeft: number; notes: { fresh: boolean } };

type Core = {
  answer: <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
  session: () => T.SessionView;
  needFresh: () => void;
  checkPassword: (password: string) => void;
  checkProof: (proof: T.FactorProof | null | undefined) => void;
};

type Names =
  | 'factorVerify'
  | 'sessionEnter'
  | 'sessionReauthenticate'
  | 'ownSignInRead'
  | 'totpOffer'
  | 'factorCreate'
  | 'cardEnrol'
  | 'factorDelete'
  | 'recoveryCodeCreate'
  | 'userFactorDelete';

/** As the core makes them; these open nothing. */
const recoveryCodes = ['K7QF2-9XMRD', '3WTB6-HJ0PZ', 'V5N8C-EY4GA', 'M2DKS-71QXR', '9BFTH-W6ZNE', 'C4PGY-J83VK', 'X0RMA-5DTQS', '7HEZB-NW2FC', 'G6YKP-4V9MJ', 'T1SXD-R8BHQ'];

function enrolled(mock: State, kind: T.FactorKind, name: string): T.FactorCreatedView {
  const factor: T.FactorView = { id: mock.factors.length + 1, kind, name, created: '22-Nov-2026 08:20', lastUsed: null };
  const first = mock.factors.length === 0;
  mock.factors = [...mock.factors, factor];
  if (first) mock.codesLeft = 10;
  return { factor, codes: first ? recoveryCodes : [] };
}

/** Looks like a QR code and is none. */
const qrRows = Array.from({ length: 29 }, (_, y) =>
  Array.from({ length: 29 }, (_, x) => ((x * 7 + y * 11 + x * y) % 3 === 0 || (x < 7 && y < 7) || (x > 21 && y < 7) || (x < 7 && y > 21) ? '1' : '0')).join(''),
);

export function signInCommands({ answer, refuse, session, needFresh, checkPassword, checkProof }: Core, mock: State): Pick<Commands, Names> {
  return {
    factorVerify: (request) =>
      answer('factorVerify', null, () => {
        checkProof(request.proof);
        mock.stage = 'unlocked';
        return session();
      }),
    sessionEnter: () =>
      answer('sessionEnter', null, () => {
        mock.stage = 'unlocked';
        return session();
      }),
    sessionReauthenticate: (request) =>
      answer('sessionReauthenticate', { purpose: request.purpose }, () => {
        checkPassword(request.password);
        checkProof(request.proof);
        mock.stale = false;
        if (request.purpose === 'signing') mock.notes.fresh = true;
        return null;
      }),
    ownSignInRead: () =>
      answer('ownSignInRead', null, () => ({
        username: mock.user?.username ?? '',
        factors: [...mock.factors],
        recoveryCodesLeft: mock.codesLeft,
        required: mock.factorAtSignIn,
        smartCards: mock.smartCards,
      })),
    totpOffer: () =>
      answer('totpOffer', null, () => {
        needFresh();
        return { text: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ', qr: qrRows };
      }),
    factorCreate: (request) =>
      answer('factorCreate', null, () => {
        if (request.code === '000000') refuse('invalid', 'this code does not fit; wait for the next one and type it');
        return enrolled(mock, 'totp', 'Authenticator app');
      }),
    cardEnrol: (request) =>
      answer('cardEnrol', null, () => {
        needFresh();
        checkProof({ kind: 'smart-card', pin: request.pin });
        return enrolled(mock, 'smart-card', 'CN=A. OKAFOR (3A:91:0C:77:E2:5B:14:F8)');
      }),
    factorDelete: (request) =>
      answer('factorDelete', request, () => {
        needFresh();
        mock.factors = mock.factors.filter((factor) => factor.id !== request.id);
        return null;
      }),
    recoveryCodeCreate: () =>
      answer('recoveryCodeCreate', null, () => {
        needFresh();
        mock.codesLeft = 10;
        return { codes: recoveryCodes };
      }),
    userFactorDelete: (request) =>
      answer('userFactorDelete', request, () => {
        needFresh();
        mock.users = mock.users.map((user) => (user.id === request.userId ? { ...user, factors: [] } : user));
        return null;
      }),
  };
}
