// An in-browser core with invented data: component tests and `npm run dev:mock`. Never in the production build (vite.config.ts).
import type { Commands, Events, Result } from './contract';
import { abilities, noAbilities } from './mockAbilities';
import * as invented from './mockChart';
import { destructionCommands, destructions } from './mockDestruction';
import { emergencyAccountCommands, noEmergencyAccount } from './mockEmergencyAccount';
import { ofChild } from './mockGrowth';
import { importCommands } from './mockImport';
import { keyCommands, keyList } from './mockKeys';
import { amendmentCommands, noAmendments, withAmendments } from './mockAmendment';
import { documentCommands, noDocuments } from './mockDocument';
import { noNotes, noteCommands, noteDocument, withNotes } from './mockNote';
import { patientCommands, registry } from './mockPatients';
import { printCommands, twoPrinters } from './mockPrint';
import { recoveryCommands } from './mockRecovery';
import { reportCommands } from './mockReports';
import { signInCommands } from './mockSignIn';
import { person, startingTeams, startingUsers, userCommands } from './mockUsers';
import { terminologyCommands } from './mockTerminology';
import { worklistCommands } from './mockWorklist';
import { nothingWritten, withWritten, writeCommands, writtenBy } from './mockWrite';
import { fleetCommands, someFleet } from './mockFleet';
import { syncCommands, syncScenes } from './mockSync';
import { beginAsAddressed } from './mockBegin';
import { preferenceCommands, usualLook } from './mockPreferences';
import { suspensionCommands, suspensionList, suspensions } from './mockSuspension';
import type * as T from './types';

type Listener<P> = (event: { payload: P }) => void;

/** Everything the invented core remembers; a test changes it before it renders. */
export const mock = {
  stage: 'signed-out' as T.Stage,
  environment: 'demo' as T.Environment,
  weak: true,
  factorAtSignIn: false,
  factorAtUnlock: false,
  smartCards: true,
  /** The second factors of whoever is signed in, and whether the core wants a fresh authentication. */
  factors: [] as T.FactorView[],
  stale: false,
  codesLeft: 0,
  user: null as T.UserView | null,
  place: null as string | null,
  /** The places of users who let somebody else in. */
  parked: new Map<string, string>(),
  users: [...startingUsers],
  teams: [...startingTeams],
  notice: null as string | null,
  progress: null as T.ImportProgress | null,
  recent: [] as string[],
  audit: { intact: true, entries: 4211, root: 'w6kQm0H1x9Qk4m4k1Jb0y3xwS8Hn5u2a7tQvXc2dG9E=', findings: [] } as T.AuditVerifyView,
  /** The chart that is open through a broken glass. */
  glass: null as { patientId: string; view: T.EmergencyView } | null,
  interrupted: null as T.EmergencyView | null,
  emergencies: invented.emergencyAccesses(),
  suspension: null as T.SuspensionNoteView | null,
  preferences: usualLook,
  suspensions: suspensions(),
  passwordDue: false,
  recovery: { stage: 'made', fingerprint: '4B7C41C7', made: '14-Nov-2026 09:12' } as T.RecoveryView,
  backup: { last: '19-Nov-2026 17:40', ageDays: 2, overdue: false, warnAfterDays: 7, suggestedName: 'vigil-backup-2026-11-22-0815.vigil' } as T.BackupStatusView,
  backupProgress: null as T.BackupProgress | null,
  posture: invented.posture(),
  refusals: [] as T.PostureRefusalView[],
  keys: keyList(),
  destructions: destructions(),
  sync: syncScenes()['not-enrolled'],
  fleet: someFleet(),
  emergencyAccount: noEmergencyAccount,
  written: nothingWritten(),
  notes: noNotes(),
  amendments: noAmendments(),
  printers: twoPrinters(),
  documents: noDocuments(),
  registry: registry(),
  delay: 0,
  /** Commands that answer with this error until it is taken away. */
  failures: {} as Partial<Record<keyof Commands, T.AppError>>,
  /** Commands in the order they came, for tests that count reads. */
  calls: [] as { command: keyof Commands; request: unknown }[],
  sessionListeners: new Set<Listener<T.SessionView>>(),
  lockListeners: new Set<Listener<T.LockWarning>>(),
  importListeners: new Set<Listener<T.ImportProgress>>(),
  backupListeners: new Set<Listener<T.BackupProgress>>(),
  syncListeners: new Set<Listener<T.SyncView>>(),
};

let generation = 0;
const fresh = { ...mock, failures: {}, calls: [] };

function needFresh() {
  if (mock.stale) refuse('reauthentication-needed', 'this asks for your password and your second factor again');
}

function checkProof(proof: T.FactorProof | null | undefined) {
  if (proof?.kind === 'code' && proof.code === '000000') refuse('wrong-password', 'the user name, the password or the second factor is wrong');
  if (proof?.kind === 'smart-card' && proof.pin === '0000') refuse('card-refused', 'the card refused the PIN; one more wrong PIN locks it');
}

/** Back to the beginning, signed in as one role or not at all. */
export function resetMock(role?: T.Role) {
  generation += 1;
  Object.assign(mock, fresh, { users: [...startingUsers], teams: [...startingTeams], failures: {}, calls: [], recent: [], progress: null, place: null, parked: new Map(), glass: null, interrupted: null, emergencies: invented.emergencyAccesses(), suspension: null, suspensions: suspensions(), keys: keyList(), destructions: destructions(), fleet: someFleet(), emergencyAccount: noEmergencyAccount, posture: invented.posture(), refusals: [], written: nothingWritten(), notes: noNotes(), amendments: noAmendments(), printers: twoPrinters(), documents: noDocuments() });
  mock.sessionListeners = new Set();
  mock.lockListeners = new Set();
  mock.importListeners = new Set();
  mock.backupListeners = new Set();
  mock.syncListeners = new Set();
  if (role === undefined) return;
  const known = startingUsers.find((user) => user.role === role);
  mock.user = known ?? person('u9', role, `Test ${role}`, role);
  mock.stage = 'unlocked';
}

export function session(): T.SessionView {
  return {
    stage: mock.stage,
    user: mock.user,
    signedInAt: mock.user ? '22-Nov 08:15' : null,
    idleLockMinutes: 15,
    environment: mock.environment,
    organization: 'Harbour General Hospital',
    custodian: mock.weak ? 'software' : 'OS keystore',
    custodianIsWeak: mock.weak,
    factorAtSignIn: mock.factorAtSignIn,
    factorAtUnlock: mock.factorAtUnlock,
    smartCards: mock.smartCards,
    may: mock.stage === 'unlocked' && mock.user && !mock.passwordDue ? abilities[mock.user.role] : noAbilities,
    notice: mock.stage === 'unlocked' ? null : mock.notice,
    passwordDue: mock.stage === 'unlocked' && mock.passwordDue,
    preferences: mock.stage === 'unlocked' || mock.stage === 'locked' ? mock.preferences : usualLook,
    suspension: mock.stage === 'unlocked' || mock.stage === 'locked' ? mock.suspension : null,
    suspendedAccounts: mock.stage === 'unlocked' && mock.user && abilities[mock.user.role].liftSuspensions ? suspensionList(mock.suspensions).open : null,
    reviews: mock.stage === 'unlocked' && mock.user?.role === 'privacy-officer' ? reviewsDue() : null,
    emergencyAccountUsed: mock.user !== null && ['administrator', 'privacy-officer'].includes(mock.user.role) ? mock.emergencyAccount.opened : null,
    recovery: mock.stage === 'unlocked' && mock.user?.role === 'administrator' ? mock.recovery.stage : null,
    refusals: mock.stage === 'signed-out' ? mock.refusals : [],
    version: '0.1.0',
  };
}

function reviewsDue(): T.ReviewsDueView {
  const { unreviewed, overdue } = invented.emergencyList(mock.emergencies);
  return { unreviewed, overdue };
}

class Refusal extends Error {
  constructor(readonly error: T.AppError) {
    super(error.message);
  }
}
const refuse = (code: T.ErrorCode, message: string): never => {
  throw new Refusal({ code, message });
};

async function answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>> {
  mock.calls.push({ command, request });
  const born = generation;
  await new Promise((done) => setTimeout(done, mock.delay));
  // Asked before the last reset, so by a screen that is gone: it touches nothing of the new beginning.
  if (born !== generation) return new Promise(() => undefined);
  const failure = mock.failures[command];
  if (failure) return { status: 'error', error: failure };
  try {
    return { status: 'ok', data: work() };
  } catch (error) {
    if (error instanceof Refusal) return { status: 'error', error: error.error };
    throw error;
  }
}

function needOpen() {
  if (mock.stage === 'locked') refuse('locked', 'the workstation is locked; unlock it to go on');
  if (mock.stage !== 'unlocked') refuse('not-signed-in', 'nobody is signed in at this workstation; sign in to go on');
}

function checkPassword(password: string) {
  if (password === 'wrong') refuse('wrong-password', 'the user name or the password is not right; try again');
  if (password === 'later') refuse('refused-for-now', 'too many failed sign-ins; try again in 5 minutes');
}

function signIn(user: T.UserView): T.SessionView {
  mock.user = user;
  mock.stage = 'unlocked';
  mock.place = mock.parked.get(user.id) ?? null;
  mock.parked.delete(user.id);
  return session();
}

function find(patientId: string): T.PatientRow {
  needOpen();
  const row = mock.registry.patients.find((one) => one.patientId === patientId);
  if (!row) return refuse('not-found', 'this patient is not at this workstation; search again');
  if (row.restricted && mock.glass?.patientId !== patientId)
    refuse('restricted', 'this record is restricted; it opens with emergency access only');
  return row;
}

export const commands: Commands = {
  sessionRead: () => answer('sessionRead', null, session),
  administratorCreate: (request) =>
    answer('administratorCreate', null, () => {
      if (request.password.length < 15) refuse('invalid', 'the password has fewer than 15 characters; make it longer');
      return signIn(person('u0', request.username, request.displayName, 'administrator'));
    }),
  sessionCreate: (request) =>
    answer('sessionCreate', { despiteRefusal: request.despiteRefusal ?? null }, () => {
      checkPassword(request.password);
      checkProof(request.proof);
      const user = mock.users.find((one) => one.username === request.username);
      if (!user) return refuse('wrong-password', 'the user name or the password is not right; try again');
      return signIn(user);
    }),
  sessionUnlock: (request) =>
    answer('sessionUnlock', null, () => {
      checkPassword(request.password);
      checkProof(request.proof);
      mock.stage = 'unlocked';
      return session();
    }),
  sessionLock: () =>
    answer('sessionLock', null, () => {
      mock.stage = 'locked';
      return session();
    }),
  sessionEnd: (request) =>
    answer('sessionEnd', request, () => {
      if (request.keepPlace && mock.user && mock.place !== null) mock.parked.set(mock.user.id, mock.place);
      mock.stage = 'signed-out';
      mock.user = null;
      mock.place = null;
      return session();
    }),
  sessionPlaceRead: () =>
    answer('sessionPlaceRead', null, () => {
      needOpen();
      return mock.place;
    }),
  sessionPlaceUpdate: (request) =>
    answer('sessionPlaceUpdate', request, () => {
      needOpen();
      mock.place = request.place;
      return null;
    }),
  ...preferenceCommands({ mock, answer, needOpen, session }),
  ...signInCommands({ answer, refuse, session, needFresh, checkPassword, checkProof }, mock),
  ...userCommands({ mock, needFresh, answer, refuse }),
  ...patientCommands({ mock, answer, refuse, needOpen }),
  ...emergencyAccountCommands({ mock, answer, refuse, session, signIn }),
  ...worklistCommands(answer, needOpen),
  ...writeCommands({ mock, answer, refuse, needOpen }),
  ...noteCommands({ mock, answer, refuse, needOpen }),
  ...amendmentCommands({ mock, answer, refuse, needOpen }),
  ...printCommands({ mock, answer, refuse, needOpen }),
  ...documentCommands({ mock, answer, refuse, needOpen }),
  ...terminologyCommands({ answer, needOpen }),
  chartRead: (request) =>
    answer('chartRead', request, () => {
      const row = find(request.patientId);
      mock.recent = [row.patientId, ...mock.recent.filter((id) => id !== row.patientId)];
      return { ...invented.chart(row, session().may.sections), written: writtenBy(mock.user?.role), emergency: mock.glass?.patientId === row.patientId ? mock.glass.view : null };
    }),
  chartSearch: (request) =>
    answer('chartSearch', request, () => {
      find(request.patientId);
      return invented.searched(request.text);
    }),
  sectionRead: (request) =>
    answer('sectionRead', request, () => {
      find(request.patientId);
      const view = invented.section(request.section, invented.closedTo(mock.user?.role));
      return { ...view, content: withAmendments(withNotes(withWritten(ofChild(request.patientId, view.content), mock.written), request.patientId, mock.notes, mock.user), request.patientId, mock.amendments, mock.user) };
    }),
  sectionRestRead: (request) =>
    answer('sectionRestRead', request, () => {
      find(request.patientId);
      return invented.sectionRest(request.section) ?? refuse('not-found', 'the rest of this list is not here any more; open the section again');
    }),
  observationSeriesRead: (request) =>
    answer('observationSeriesRead', request, () => {
      find(request.patientId);
      return invented.series(request.key) ?? refuse('not-found', 'there are no values of this kind; go back to the list');
    }),
  documentRead: (request) =>
    answer('documentRead', request, () => {
      find(request.patientId);
      return noteDocument(request.id, mock.notes, mock.user) ?? invented.document(request.id);
    }),
  resourceRead: (request) =>
    answer('resourceRead', request, () => {
      find(request.patientId);
      return {
        resourceType: request.resourceType,
        id: request.id,
        version: 1,
        json: JSON.stringify({ resourceType: request.resourceType, id: request.id, status: 'final' }, null, 2),
        closed: invented.closedTo(mock.user?.role),
      };
    }),
  emergencyOfferRead: (request) =>
    answer('emergencyOfferRead', request, () => {
      needOpen();
      const row = mock.registry.patients.find((one) => one.patientId === request.patientId);
      if (!row) return refuse('not-found', 'this patient is not at this workstation; search again');
      const { patientId, name, birthDate, age, gender, mrn } = row;
      const allowed = mock.user?.role === 'physician' || mock.user?.role === 'nurse' || mock.user?.role === 'pharmacist';
      return { patientId, name, birthDate, age, gender, mrn, allowed, closedBecause: 'restricted' as const, minutes: 60, leftToday: 20, needsFactor: mock.factorAtSignIn, interrupted: mock.interrupted };
    }),
  emergencyAccessCreate: (request) =>
    answer('emergencyAccessCreate', { patientId: request.patientId, reason: request.reason, justification: request.justification }, () => {
      checkPassword(request.password);
      mock.glass = { patientId: request.patientId, view: { reason: request.reason, secondsLeft: 3600 } };
      return mock.glass.view;
    }),
  emergencyAccessResume: (request) =>
    answer('emergencyAccessResume', { patientId: request.patientId }, () => {
      checkPassword(request.password);
      if (mock.interrupted === null) return refuse('not-found', 'the emergency access is over; a new one needs a new reason');
      mock.glass = { patientId: request.patientId, view: mock.interrupted };
      mock.interrupted = null;
      return mock.glass.view;
    }),
  emergencyAccessEnd: (request) =>
    answer('emergencyAccessEnd', request, () => {
      mock.glass = null;
      return null;
    }),
  emergencyAccessSearch: () => answer('emergencyAccessSearch', null, () => invented.emergencyList(mock.emergencies)),
  emergencyAccessReview: (request) =>
    answer('emergencyAccessReview', request, () => {
      const review = { verdict: request.verdict, note: request.note, who: 'T. ABEBE', at: '22-Nov-2026 10:42:00' };
      mock.emergencies = mock.emergencies.map((row) => (row.id === request.id ? { ...row, review, overdue: false } : row));
      return invented.emergencyList(mock.emergencies);
    }),
  auditVerify: () => answer('auditVerify', null, () => mock.audit),
  ...importCommands(mock, answer),
  ...recoveryCommands({ mock, answer, refuse, session, checkPassword }),
  postureRead: () =>
    answer('postureRead', null, () => {
      needOpen();
      return mock.posture;
    }),
  ...keyCommands({ mock, answer, refuse }),
  ...reportCommands({ answer }, () => mock.users),
  ...destructionCommands({ mock, needFresh, answer, refuse }),
  ...suspensionCommands({ mock, answer, session, checkPassword }),
  ...syncCommands({ mock, needFresh, answer, refuse }),
  ...fleetCommands({ mock, needFresh, answer, refuse }),
};

function source<P>(listeners: () => Set<Listener<P>>) {
  return {
    listen(handler: Listener<P>) {
      listeners().add(handler);
      return Promise.resolve(() => {
        listeners().delete(handler);
      });
    },
  };
}

export const events: Events = {
  sessionChanged: source(() => mock.sessionListeners),
  lockWarning: source(() => mock.lockListeners),
  importProgressed: source(() => mock.importListeners),
  backupProgressed: source(() => mock.backupListeners),
  syncChanged: source(() => mock.syncListeners),
};

/** What the core does when the idle time is over. */
export function lockByIdleTime() {
  mock.stage = 'locked';
  for (const listener of mock.sessionListeners) listener({ payload: session() });
}

/** What the core says in the last minute. */
export function warnOfLock(secondsLeft: number | null) {
  for (const listener of mock.lockListeners) listener({ payload: { secondsLeft } });
}

/** What the core says when the central server and this workstation stand differently. */
export function changeSync(state: T.SyncView) {
  mock.sync = state;
  for (const listener of mock.syncListeners) listener({ payload: state });
}

beginAsAddressed(new URLSearchParams(window.location.search), { mock, resetMock, warnOfLock });
