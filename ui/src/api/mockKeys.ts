// The invented core's part for keys, uses of them, and closed accounts.
import type { Commands, Result } from './contract';
import type * as T from './types';

type Core = {
  mock: { users: T.UserView[]; keys: T.KeyListView };
  answer: <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
};

const row = (id: string, kind: string, purpose: string, rest: Partial<T.KeyRow> = {}): T.KeyRow => ({
  id,
  kind,
  purpose,
  version: 1,
  state: 'active',
  custodian: "its holders' key pairs",
  made: '14-Mar-2026 09:02',
  ageDays: 253,
  nextRotation: '14-Mar-2027 09:02',
  due: false,
  count: 1,
  ...rest,
});

const directory = 'Seals demographics and shared records';

export function keyList(): T.KeyListView {
  return {
    rows: [
      row('database', 'database', 'Encrypts the database file', { custodian: 'TPM', nextRotation: '13-Mar-2028 09:02' }),
      row('signing', 'signing', 'Signs the checkpoints of the audit log', { custodian: 'TPM', nextRotation: null }),
      row('authority', 'authority', 'Opens the group keys for granting'),
      row('directory', 'directory', directory, { version: 2, made: '02-Nov-2026 16:40', ageDays: 20, nextRotation: '02-Nov-2027 16:40' }),
      row('directory', 'directory', directory, { state: 'decrypt-only', custodian: 'the version after it', nextRotation: null }),
      row('care-group/general', 'care-group', 'Opens the charts of the care group', { made: '21-Nov-2025 10:42', ageDays: 366, nextRotation: '21-Nov-2026 10:42', due: true }),
      row('break-glass', 'break-glass', 'Opens every chart, in an emergency', { version: 2, made: '02-Nov-2026 16:40', ageDays: 20 }),
      row('break-glass', 'break-glass', 'Opens every chart, in an emergency', { state: 'destroyed', custodian: 'nobody', nextRotation: null }),
      row('user-slot/okafor', 'user-slot', "Opens a user's own keys", { custodian: 'password and TPM' }),
      row('wrapping/care-group/general', 'wrapping', 'Stand between groups and patient keys', { state: 'decrypt-only', custodian: "its groups' keys", made: null, ageDays: null, nextRotation: null, count: 214 }),
      row('patient', 'patient', 'Seal the records of one patient each', { custodian: "its groups' keys", nextRotation: 'with every session that writes', version: 3, count: 412 }),
      row('recovery/4B7C41C7', 'recovery', 'Opens this device when its root is lost', { custodian: 'paper', nextRotation: null }),
    ],
    underWay: null,
    databaseAtStart: false,
  };
}

function rotated(list: T.KeyListView, key: string): T.KeyListView {
  if (key === 'database') return { ...list, databaseAtStart: true };
  const underWay = key === 'directory' || key === 'patient' ? { what: key === 'directory' ? 'Directory' : 'Patient records', done: 500, total: 41_200, paused: false } : null;
  const rows = list.rows.map((one) =>
    one.id === key && one.state === 'active' ? { ...one, version: one.version + 1, made: '22-Nov-2026 08:20', ageDays: 0, due: false } : one,
  );
  return { ...list, rows, underWay };
}

const people = [
  { userId: 'u1', who: 'Dr A. OKAFOR', role: 'physician', purpose: 'treatment', what: 'opened the chart' },
  { userId: 'u2', who: 'M. LINDQVIST', role: 'nurse', purpose: 'treatment', what: 'read medications' },
  { userId: 'u3', who: 'R. HALVORSEN', role: 'administrator', purpose: 'administration', what: 'user create' },
] as const;

const uses: T.KeyUseRow[] = Array.from({ length: 600 }, (_, at) => {
  const person = people[at % 3] ?? people[0];
  const administers = person.userId === 'u3';
  return {
    ...person,
    sequence: 4211 - at,
    recorded: `22-Nov-2026 ${String(23 - Math.floor(at / 26)).padStart(2, '0')}:${String(59 - (at % 60)).padStart(2, '0')}:07`,
    patientId: administers ? null : `p-${1000 + (at % 40)}`,
    keys: administers ? ['authority/1'] : ['care-group/general/1', `patient/${2 + (at % 2)}`],
  };
});

function keyUses(request: T.KeyUseSearchRequest): T.KeyUseListView {
  const rows = uses.filter(
    (one) => (request.userId === '' || one.userId === request.userId) && (request.patientId === '' || one.patientId === request.patientId),
  );
  return { rows, cutOff: false };
}

type Part = 'userDisable' | 'userEnable' | 'keySearch' | 'keyRotate' | 'keyResealPause' | 'keyUseSearch';

export function keyCommands({ mock, answer, refuse }: Core): Pick<Commands, Part> {
  const setDisabled = (id: string, disabled: boolean): T.UserView => {
    const known = mock.users.find((user) => user.id === id);
    if (known === undefined) return refuse('invalid', 'there is no such user');
    const changed = { ...known, disabled };
    mock.users = mock.users.map((user) => (user.id === id ? changed : user));
    return changed;
  };
  return {
    userDisable: (request) => answer('userDisable', request, () => setDisabled(request.id, true)),
    userEnable: (request) => answer('userEnable', request, () => setDisabled(request.id, false)),
    keySearch: (request) => answer('keySearch', request, () => mock.keys),
    keyRotate: (request) =>
      answer('keyRotate', request, () => {
        mock.keys = rotated(mock.keys, request.key);
        return mock.keys;
      }),
    keyResealPause: (request) =>
      answer('keyResealPause', request, () => {
        const { underWay } = mock.keys;
        mock.keys = { ...mock.keys, underWay: underWay === null ? null : { ...underWay, paused: request.paused } };
        return mock.keys;
      }),
    keyUseSearch: (request) => answer('keyUseSearch', request, () => keyUses(request)),
  };
}
