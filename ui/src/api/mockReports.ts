// Invented accesses for the privacy officer's reports.
import type { Commands, Result } from './contract';
import { patients } from './mockChart';
import type * as T from './types';

type Answer = <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;

/** Rows of a page, as the core cuts them. */
const PAGE = 500;

const what = ['opened the chart', 'read medications', 'read problems', 'saw the name in a list', 'read results'];

/** 1,200 accesses by three users, the newest first in number. */
export function accesses(users: T.UserView[]): T.AccessReportRow[] {
  return Array.from({ length: 1200 }, (_, at): T.AccessReportRow => {
    const user = users[at % 3];
    const patient = patients[at % 7];
    const emergency = at % 40 === 7;
    const flags: T.AccessFlagView[] = [
      ...(at % 60 === 0 ? [{ kind: 'same-name' as const, meaning: 'the user and the patient have the same family name' }] : []),
      ...(at % 90 === 1 ? [{ kind: 'co-worker' as const, meaning: 'may be a co-worker: M. LINDQVIST, a user here, has the same family name and initial' }] : []),
      ...(at % 60 === 0 ? [{ kind: 'vip' as const, meaning: 'the record is labelled as that of a very important person (HL7 v3 ActCode CEL, VIP)' }] : []),
    ];
    return {
      sequence: at + 1,
      recorded: `2${1 + Math.floor(at / 600)}-Nov-2026 ${two(Math.floor((at % 600) / 25))}:${two((at * 2) % 60)}:07`,
      who: user?.displayName ?? 'nobody signed in',
      userId: user?.id ?? null,
      role: user?.role.replaceAll('-', ' ') ?? '',
      patient: patient?.name ?? '',
      patientId: patient?.patientId ?? null,
      what: what[at % what.length] ?? '',
      purpose: emergency ? 'break the glass' : 'treatment',
      purposeCode: emergency ? 'BTG' : 'TREAT',
      emergency,
      outcome: at % 33 === 5 ? 'refused' : 'done',
      flags,
    };
  });
}

const two = (number: number) => String(number).padStart(2, '0');

const key: Record<T.ReportColumn, (row: T.AccessReportRow) => string | number> = {
  recorded: (row) => row.sequence,
  who: (row) => row.who,
  role: (row) => row.role,
  patient: (row) => row.patient,
  what: (row) => row.what,
  purpose: (row) => row.purpose,
  outcome: (row) => row.outcome,
  flags: (row) => row.flags.length,
  entry: (row) => row.sequence,
};

function ordered(rows: T.AccessReportRow[], { sort, descending }: T.AccessReportSelection): T.AccessReportRow[] {
  const of = key[sort];
  const sign = descending ? -1 : 1;
  return rows.sort((a, b) => {
    const [first, second] = [of(a), of(b)];
    if (first === second) return sign * (a.sequence - b.sequence);
    return first < second ? -sign : sign;
  });
}

function report(users: T.UserView[], { selection, offset }: T.AccessReportRequest): T.AccessReportView {
  const { about } = selection;
  const of = accesses(users).filter((row) => (about.kind === 'patient' ? row.patientId === about.patientId : row.userId === about.userId));
  // One patient whom everybody looked at, and one whom few did.
  const patientId = about.kind === 'patient' ? about.patientId : '';
  const all = patientId === 'p0' ? accesses(users) : patientId === 'p1' ? of.slice(0, 8) : of;
  const later = selection.from > '2026-11-22' ? [] : all;
  const rows = ordered(selection.flaggedOnly ? later.filter((row) => row.flags.length > 0) : later, selection);
  const patient = patients.find((one) => about.kind === 'patient' && one.patientId === about.patientId);
  const user = users.find((one) => about.kind === 'user' && one.id === about.userId);
  return {
    about: patient ? `${patient.name}, born ${patient.birthDate}, MRN ${patient.mrn}` : `${user?.displayName ?? ''}, ${user?.role ?? ''}`,
    rows: rows.slice(offset, offset + PAGE),
    offset,
    total: rows.length,
    flagged: later.filter((row) => row.flags.length > 0).length,
    upTo: 1200,
  };
}

/** Two disclosures of everybody but one. */
function accounting(patientId: string): T.DisclosureAccountingView {
  const patient = patients.find((one) => one.patientId === patientId);
  const row: T.DisclosureRow = {
    sequence: 812,
    recorded: '20-Nov-2026 14:02:51',
    who: 'Dr A. OKAFOR',
    recipient: 'Harbour City Court',
    address: '1 Law Street, Harbour City',
    description: 'The whole record as FHIR R4: 134 resources',
    purpose: 'Court order 22-118 of 18-Nov-2026',
    basis: 'required-by-law',
    accountable: true,
  };
  const referral: T.DisclosureRow = { ...row, sequence: 640, recorded: '02-Nov-2026 09:15:00', recipient: 'Northside Clinic', address: '', purpose: 'Referral', basis: 'treatment', accountable: false };
  const rows = patientId === 'p2' ? [] : [row, referral];
  return { about: `${patient?.name}, born ${patient?.birthDate}, MRN ${patient?.mrn}`, from: '22-Nov-2020', until: '22-Nov-2026', rows };
}

export function reportCommands(
  { answer }: { answer: Answer },
  users: () => T.UserView[],
): Pick<Commands, Extract<keyof Commands, `accessReport${string}` | `ownAccessReport${string}` | `disclosureAccounting${string}`>> {
  return {
    accessReportUsers: () =>
      answer('accessReportUsers', null, () =>
        users().map((one) => ({ userId: one.id, who: one.displayName, role: one.role.replaceAll('-', ' '), disabled: one.disabled })),
      ),
    accessReportSave: (request) => answer('accessReportSave', request, () => ({ path: request.path })),
    ownAccessReportSave: (request) => answer('ownAccessReportSave', request, () => ({ path: request.path })),
    disclosureAccountingSave: (request) => answer('disclosureAccountingSave', request, () => ({ path: request.path })),
    disclosureAccountingRead: (request) => answer('disclosureAccountingRead', request, () => accounting(request.patientId)),
    accessReportRead: (request) => answer('accessReportRead', request, () => report(users(), request)),
  };
}
