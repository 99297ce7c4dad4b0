// The fleet of the invented core: a nurse who went through charts that are not hers, a workstation that is guessed at, and a case that is over.
import type * as T from './types';

const hour = 3600;
/** 30-Nov-2026 02:31:07 UTC. */
const alarm = 1_796_005_867;

const two = (number: number) => String(number).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As the core writes it, where this machine is. */
export function coreTime(epoch: number, seconds = false): string {
  const at = new Date(epoch * 1000);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}${seconds ? `:${two(at.getSeconds())}` : ''}`;
  return `${two(at.getDate())}-${months[at.getMonth()] ?? ''}-${at.getFullYear()} ${time}`;
}

const known: Record<string, string> = {
  p0: 'SMITH, Jane (Ms), born 14-Jul-1945, MRN 004217',
  p1: 'OYELARAN, Tunde (Mr), born 03-Mar-1952, MRN 001188',
  p3: 'NGUYEN, Linh (Ms), born 21-Sep-1988, MRN 002960',
};

function snooping(): T.IncidentEventRow[] {
  // Her own patients in the evening, then one chart a minute and a half.
  const ordinary = [19.2, 18.4, 17.9, 16.1, 15.5, 13.2, 11.6, 9.4, 8.7, 6.2].map((ago, at) => ({ at: alarm - ago * hour, patient: `p${at % 4}`, basis: 'encounter' }));
  const curious = Array.from({ length: 41 }, (_, at) => ({ at: alarm - (40 - at) * 84, patient: at < 2 ? `p${at}` : `pat-${4100 + at}`, basis: 'none' }));
  return [...ordinary, ...curious].map(({ at, patient, basis }, index) => ({
    log: '01990000-0000-7000-8000-00000000c0de', sequence: 18_204 + index * 3, at: coreTime(at, true), epochSeconds: at, who: 'M. LINDQVIST', what: 'opened the chart', outcome: 'done',
    purpose: 'treatment', patientId: patient, patient: known[patient]?.split(', born')[0] ?? null, host: 'ward-3-west', basis,
  }));
}

function affected(events: T.IncidentEventRow[]): T.AffectedPatient[] {
  const counts = new Map<string, number>();
  for (const event of events) if (event.basis === 'none' && event.patientId !== null) counts.set(event.patientId, (counts.get(event.patientId) ?? 0) + 1);
  return [...counts].map(([patientId, count]) => ({ patientId, patient: known[patientId] ?? null, events: count }));
}

const officers: T.DeskPerson[] = [
  { userId: 'u3', who: 'T. ABEBE' },
  { userId: 'u4', who: 'R. CASTELLANOS' },
];

export function incidents(): T.IncidentView[] {
  const events = snooping();
  const nurse: T.IncidentAbout = { kind: 'user', userId: 'u7', who: 'M. LINDQVIST' };
  const raised = (at: number): T.IncidentStepView => ({ at: coreTime(at, true), by: null, what: 'raised', words: null });
  const row: T.IncidentRow = {
    id: 12, rule: 'volume-unexplained', rulesVersion: 3, gravity: 'high', stage: 'open', subject: nurse, own: false, opened: coreTime(alarm), ageMinutes: 34, newest: coreTime(alarm), events: events.length,
    figures: { count: 41, limit: 36, usual: '12', windowSeconds: hour }, level: 0, assigned: null, suspended: true, finding: null, notifyBy: null, notifyDays: null,
  };
  const attack = Array.from({ length: 22 }, (_, at): T.IncidentEventRow => ({
    log: '01990000-0000-7000-8000-00000000feed', sequence: 901 + at, at: coreTime(alarm - 30 * hour + at * 41, true), epochSeconds: alarm - 30 * hour + at * 41, who: null, what: 'session refuse', outcome: 'refused',
    purpose: 'administration', patientId: null, patient: null, host: 'emergency-room-2', basis: null,
  }));
  const old = events.slice(0, 6).map((event) => ({ ...event, who: 'Dr A. OKAFOR', host: 'radiology-1', at: coreTime(event.epochSeconds - 9 * 24 * hour, true), epochSeconds: event.epochSeconds - 9 * 24 * hour, basis: 'none' }));
  return [
    {
      row, openedEpoch: alarm, events, patients: affected(events), assessment: null, assignable: officers,
      history: [raised(alarm), { at: coreTime(alarm, true), by: null, what: 'suspended', words: null }],
      deliveries: [
        { channel: 'privacy-desk-mail', event: 'raised', state: 'delivered', attempts: 1, at: coreTime(alarm + 4), error: null },
        { channel: 'siem', event: 'raised', state: 'failed', attempts: 3, at: coreTime(alarm + 640), error: 'the channel answered with status 503' },
      ],
    },
    {
      row: { ...row, id: 11, rule: 'workstation-attacked', gravity: 'high', stage: 'acknowledged', subject: { kind: 'workstation', log: '01990000-0000-7000-8000-00000000feed', host: 'emergency-room-2' }, opened: coreTime(alarm - 29.7 * hour), ageMinutes: 1_816, newest: coreTime(alarm - 29.7 * hour), events: attack.length, figures: { count: 22, limit: 20, usual: null, windowSeconds: hour }, level: 1, assigned: officers[1] ?? null, suspended: false },
      openedEpoch: alarm - 29.7 * hour, events: attack, patients: [], assessment: null, assignable: officers,
      history: [raised(alarm - 29.7 * hour), { at: coreTime(alarm - 29 * hour, true), by: null, what: 'escalated', words: null }, { at: coreTime(alarm - 28 * hour, true), by: 'R. CASTELLANOS', what: 'acknowledged', words: null }],
      deliveries: [{ channel: 'on-call-sms', event: 'escalated', state: 'delivered', attempts: 1, at: coreTime(alarm - 29 * hour), error: null }],
    },
    {
      row: { ...row, id: 7, rule: 'same-patient-again', gravity: 'medium', stage: 'closed', subject: { kind: 'user', userId: 'u1', who: 'Dr A. OKAFOR' }, opened: coreTime(alarm - 9 * 24 * hour), ageMinutes: 12_960, newest: coreTime(alarm - 9 * 24 * hour), events: old.length, figures: { count: 6, limit: 4, usual: null, windowSeconds: 42 * 24 * hour }, assigned: officers[0] ?? null, suspended: false, finding: 'inappropriate', notifyBy: '22-Jan-2027', notifyDays: 54 },
      openedEpoch: alarm - 9 * 24 * hour, events: old, patients: affected(old), assignable: officers,
      assessment: {
        nature: 'Names, birth dates and the problem lists of four patients; no financial identifiers.', recipient: 'A physician of this hospital who took no part in their care.', acquired: 'The charts were opened and read; nothing was printed or exported.',
        mitigated: 'The physician has stated in writing that nothing was kept or told to anybody.', breach: true, discovered: '23-Nov-2026', discoveredDay: '2026-11-23', by: 'T. ABEBE', at: coreTime(alarm - 6 * 24 * hour),
      },
      history: [raised(alarm - 9 * 24 * hour), { at: coreTime(alarm - 6 * 24 * hour, true), by: 'T. ABEBE', what: 'assessed', words: null }, { at: coreTime(alarm - 5 * 24 * hour, true), by: 'T. ABEBE', what: 'closed', words: 'Talked to the physician and the head of the department.' }],
      deliveries: [],
    },
  ];
}

export function devices(): T.FleetDeviceListView {
  const row: T.FleetDeviceRow = {
    enrolment: '0b9f6c52-6a1e-4f0f-9a55-2f6b1f0c7d41', log: '01990000-0000-7000-8000-00000000c0de', host: 'ward-3-west', this: true, version: '0.1.0', enrolled: '15-Nov-2026 09:12', revoked: null,
    lastContact: coreTime(alarm + 2_040), silentMinutes: 0, clockAhead: null, certificateExpires: '13-Feb-2027 09:12', certificateDays: 76, queued: 0, queuedMinutes: null, entries: 18_341, forked: false, posture: ['custodian=tpm', 'disk=encrypted'], unit: 'Ward 3 West',
  };
  return {
    asOf: coreTime(alarm + 2_040),
    rows: [
      row,
      { ...row, enrolment: 'e2', log: 'l2', host: 'emergency-room-2', this: false, unit: 'Emergency department', queued: 38, queuedMinutes: 12, entries: 44_190, silentMinutes: 11, lastContact: coreTime(alarm + 1_380) },
      { ...row, enrolment: 'e3', log: 'l3', host: 'clinic-b-cart-7', this: false, unit: null, version: '0.0.9', queued: 1_204, queuedMinutes: 4_420, silentMinutes: 4_391, lastContact: coreTime(alarm - 3.05 * 24 * hour), entries: 9_120, clockAhead: -312, certificateDays: 9, certificateExpires: '08-Dec-2026 07:30', posture: ['custodian=keystore', 'disk=not-encrypted'] },
      { ...row, enrolment: 'e4', log: 'l4', host: 'radiology-1', this: false, unit: 'Radiology', forked: true, queued: 4, queuedMinutes: 95, silentMinutes: 2, entries: 27_002 },
      { ...row, enrolment: 'e5', log: 'l5', host: 'old-pharmacy', this: false, unit: 'Pharmacy', revoked: '20-Nov-2026 16:00', lastContact: '20-Nov-2026 15:58', silentMinutes: 12_000, entries: 3_310, posture: [] },
    ],
  };
}

/** Two pages of what the nurse did; a physician broke the glass once. */
export function accesses({ about, emergencies, after }: T.FleetAccessSearchRequest): T.FleetAccessView {
  const glass: T.IncidentEventRow = { log: '01990000-0000-7000-8000-00000000feed', sequence: 77, at: coreTime(alarm - 5_400, true), epochSeconds: alarm - 5_400, who: 'Dr A. OKAFOR', what: 'broke the glass', outcome: 'done', purpose: 'emergency treatment', patientId: 'p0', patient: 'SMITH, Jane (Ms)', host: 'emergency-room-2', basis: null };
  const all = [glass, ...snooping().toReversed()];
  const rows = all.filter((one) => (about.kind !== 'patient' || one.patientId === about.patientId) && (about.kind !== 'user' || one.who === 'M. LINDQVIST') && (!emergencies || one === glass));
  const page = 40;
  return { rows: after === null ? rows.slice(0, page) : rows.slice(page), next: after === null && rows.length > page ? 'date=ge2026&_cursor=older' : null, asOf: coreTime(alarm + 2_040) };
}

export function activity(period: T.ActivityPeriod): T.FleetActivityView {
  const until = alarm + 2_040;
  const length = { day: 24, week: 7 * 24, month: 30 * 24 }[period];
  const from = until - length * hour;
  const first = Math.floor(from / hour) * hour;
  const hours = Array.from({ length: length + 1 }, (_, at): T.ActivityHour => {
    const begin = first + at * hour;
    const day = Math.max(0, Math.sin(((new Date(begin * 1000).getHours() - 5) / 24) * 2 * Math.PI));
    const accesses = Math.round(30 + 240 * day + ((at * 37) % 23));
    const snoop = begin <= alarm && alarm - begin < hour ? 41 : 0;
    return { hour: coreTime(begin), epochSeconds: begin, accesses: accesses + snoop, unexplained: Math.round(accesses * 0.04) + snoop };
  });
  const accesses = hours.reduce((sum, one) => sum + one.accesses, 0);
  const unexplained = hours.reduce((sum, one) => sum + one.unexplained, 0);
  const midnight = (ago: number) => Math.floor(until / 86_400) * 86_400 - ago * 86_400;
  const day = (ago: number) => new Date(midnight(ago) * 1000);
  const words = (ago: number) => `${two(day(ago).getUTCDate())}-${months[day(ago).getUTCMonth()] ?? ''}-${day(ago).getUTCFullYear()}`;
  const days = Math.ceil(length / 24);
  const daily = <V>(make: (ago: number) => V) => Array.from({ length: days }, (_, at) => make(days - 1 - at));
  return {
    period, from: coreTime(from), until: coreTime(until), fromEpoch: from, untilEpoch: until, explained: accesses - unexplained, accesses, hours,
    users: [
      { userId: 'u1', who: 'Dr A. OKAFOR', role: 'physician', accesses: Math.round(accesses * 0.19), unexplained: Math.round(unexplained * 0.08), patients: 214 },
      { userId: 'u2', who: 'S. MARCHETTI', role: 'nurse', accesses: Math.round(accesses * 0.16), unexplained: Math.round(unexplained * 0.05), patients: 88 },
      { userId: 'u7', who: 'M. LINDQVIST', role: 'nurse', accesses: Math.round(accesses * 0.07), unexplained: Math.round(unexplained * 0.31), patients: 96 },
      { userId: 'u5', who: 'K. HOLLIS', role: 'pharmacist', accesses: Math.round(accesses * 0.04), unexplained: Math.round(unexplained * 0.02), patients: 61 },
    ],
    workstations: [
      { host: 'ward-3-west', accesses: Math.round(accesses * 0.41), unexplained: Math.round(unexplained * 0.6) },
      { host: 'emergency-room-2', accesses: Math.round(accesses * 0.37), unexplained: Math.round(unexplained * 0.3) },
      { host: 'radiology-1', accesses: Math.round(accesses * 0.22), unexplained: Math.round(unexplained * 0.1) },
    ],
    units: [
      { unit: 'Ward 3 West', accesses: Math.round(accesses * 0.41), unexplained: Math.round(unexplained * 0.6) },
      { unit: 'Emergency department', accesses: Math.round(accesses * 0.37), unexplained: Math.round(unexplained * 0.3) },
      { unit: null, accesses: Math.round(accesses * 0.22), unexplained: Math.round(unexplained * 0.1) },
    ],
    emergencies: daily((ago) => ({ day: words(ago), epochSeconds: midnight(ago), count: (ago * 5 + 2) % 4 })).filter((one) => one.count > 0),
    incidents: [
      { day: words(0), epochSeconds: midnight(0), rule: 'volume-unexplained', count: 1 },
      ...(days > 2 ? [{ day: words(1), epochSeconds: midnight(1), rule: 'workstation-attacked', count: 1 }, { day: words(2), epochSeconds: midnight(2), rule: 'off-hours', count: 3 }] : []),
    ],
  };
}

export function rules(): T.DetectionRulesView {
  return {
    active: 3,
    versions: [
      { version: 3, made: '18-Nov-2026 14:02', active: '18-Nov-2026 14:02' },
      { version: 2, made: '17-Nov-2026 11:20', active: null },
      { version: 1, made: '15-Nov-2026 09:00', active: '15-Nov-2026 09:00' },
    ],
    rules: '# The rules over the accesses of all workstations.\nversion = 3\nutc_offset_minutes = 0\n\n[[rule]]\nid = "volume-unexplained"\nkind = "unusual-volume"\nenabled = true\nseverity = "high"\naction = "suspend"\ncool_down_hours = 24\ncounts = "unexplained"\ntimes = 3\nfloor = 3\nbaseline = "own-or-role"\n',
  };
}
