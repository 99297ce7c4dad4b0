// Invented patients and one invented chart for mock.ts. No value here is medical advice or a real person's.
import { childWeight, wholeScore } from './mockGrowth';
import type * as T from './types';

export const sections: T.Section[] = [
  'summary', 'timeline', 'problems', 'allergies', 'medications', 'vitals', 'results', 'immunizations', 'encounters', 'procedures',
  'documents', 'care-plans', 'care-team', 'family-history', 'social-history', 'devices', 'flags', 'coverage', 'amendments', 'other', 'access',
];

const families = ['SMITH', 'SMYTH', 'OYELARAN', 'MÜLLER', 'NGUYEN', 'GARCÍA', 'KOWALSKI', 'ANDERSSON', 'HADDAD', 'TANAKA'];
const givens = ['Jane', 'Janet', 'Tunde', 'Karl', 'Linh', 'Inés', 'Piotr', 'Elsa', 'Omar', 'Yuki', 'Marta', 'Noah'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const patients: T.PatientRow[] = Array.from({ length: 120 }, (_, index) => {
  const female = index % 2 === 0;
  const year = 1938 + ((index * 7) % 80);
  const day = String((index % 28) + 1).padStart(2, '0');
  const mrn = String(4217 + index * 31).padStart(6, '0');
  return {
    patientId: `p${index}`,
    name: `${families[index % families.length]}, ${givens[index % givens.length]} (${female ? 'Ms' : 'Mr'})`,
    birthDate: index === 17 ? 'Not known' : `${day}-${months[index % 12]}-${year}`,
    age: index === 17 ? '' : `${2026 - year}y`,
    gender: female ? 'female' : 'male',
    mrn: `${mrn.slice(0, 3)} ${mrn.slice(3)}`,
    lookAlike: index < 2,
    restricted: index === 5,
    deceased: index === 8,
    lastOpened: index < 3 ? '21-Nov 10:42' : null,
  };
});

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function patientsLike(text: string): T.PatientRow[] {
  const parts = folded(text).split(/\s+/).filter(Boolean);
  return patients.filter((row) => {
    const hay = folded(`${row.name} ${row.birthDate} ${row.mrn} ${row.mrn.replaceAll(' ', '')}`);
    return parts.every((part) => hay.includes(part));
  });
}

const when = (iso: string, text: string): T.When => ({ iso, text });
const none: T.When = { iso: '', text: 'Not known' };

const known: T.AllergyBanner = { state: 'known', items: ['penicillin (anaphylaxis)', 'latex (rash)'] };

const problems: T.ProblemRow[] = [
  ['pr1', 'Diabetes mellitus type 2', '44054006 SNOMED CT', true, '2011-05-20', '20-May-2011', 'moderate'],
  ['pr2', 'Essential hypertension', '59621000 SNOMED CT', true, '2009-02-11', '11-Feb-2009', ''],
  ['pr3', 'Acute bronchitis', '10509002 SNOMED CT', false, '2019-01-07', '07-Jan-2019', 'mild'],
].map(([id, name, code, active, iso, text, severity]) => ({
  id: String(id),
  version: 1,
  name: String(name),
  code: String(code),
  clinicalStatus: active ? 'active' : 'resolved',
  active: Boolean(active),
  verificationStatus: 'confirmed',
  category: 'problem list item',
  severity: String(severity),
  onset: when(String(iso), String(text)),
  abatement: active ? none : when('2019-01-21', '21-Jan-2019'),
  note: '',
}));

const allergies: T.AllergyRow[] = [
  {
    id: 'al1', version: 1, agent: 'penicillin', code: '91936005 SNOMED CT', category: 'medication', kind: 'allergy', criticality: 'high',
    reactions: ['anaphylaxis (severe)'], clinicalStatus: 'active', verificationStatus: 'confirmed', recorded: when('1998-03-02', '02-Mar-1998'),
  },
  {
    id: 'al2', version: 1, agent: 'latex', code: '', category: 'environment', kind: 'allergy', criticality: 'low', reactions: ['rash (mild)'],
    clinicalStatus: 'active', verificationStatus: 'confirmed', recorded: when('2015', '2015'),
  },
];

const medicine = (id: string, name: string, dose: string, frequency: string, active: boolean): T.MedicationRow => ({
  resourceType: 'MedicationRequest', id, version: 1, name, parts: null, code: '', dose, route: 'oral', frequency, text: '', status: active ? 'active' : 'stopped',
  active, intent: 'order', when: when('2024-06-02', '02-Jun-2024'), requester: 'Dr A. OKAFOR', reason: '', note: '',
});
const medications = [
  medicine('md1', 'metFORMIN 500 mg oral tablet', '500 mg', '2 times per day', true),
  medicine('md2', 'lisinopril 10 mg oral tablet', '10 mg', 'once per day', true),
  medicine('md3', 'simvastatin 20 mg oral tablet', '20 mg', 'once per day at night', false),
  { ...medicine('md4', 'salbutamol 100 microgram per actuation pressurised inhaler, chlorofluorocarbon free', '200 microgram', 'when required', true), route: 'inhalation', reason: 'Wheeze' },
  { ...medicine('md5', 'paracetamol 500 mg oral tablet', '', '', true), resourceType: 'MedicationStatement', intent: '', route: '', text: 'One or two tablets when required, up to the most that the leaflet allows', requester: '' },
];

const year = 31_557_600;
const values = (start: number, step: number, wave: number, count: number) =>
  Array.from({ length: count }, (_, index) => Math.round((start + step * index + Math.sin(index * 1.3) * wave) * 10) / 10);

const group = (key: string, name: string, code: string, unit: string, trend: number[], range: string, flag: T.Flag, category = 'laboratory'): T.ObservationGroup => ({
  key, name, code, category, value: String(trend.at(-1) ?? ''), unit, flag, range, when: when('2026-11-02T08:30:00Z', '02-Nov-2026 08:30'),
  count: trend.length, status: 'final', trend, id: `ob-${key}`,
});
const vitals: T.ObservationGroup[] = [
  { ...group('bp', 'Blood pressure', '85354-9 LOINC', 'mm[Hg]', values(138, -0.6, 6, 20), '', 'none', 'vital-signs'), value: '128 / 78' },
  group('weight', 'Body weight', '29463-7 LOINC', 'kg', values(82, -0.3, 1, 20), '', 'none', 'vital-signs'),
  group('pulse', 'Heart rate', '8867-4 LOINC', '/min', values(76, 0, 5, 20), '60 to 100', 'normal', 'vital-signs'),
];
const results: T.ObservationGroup[] = [
  group('hba1c', 'Hemoglobin A1c', '4548-4 LOINC', '%', values(8.4, -0.08, 0.2, 14), '4.0 to 5.6', 'high'),
  group('k', 'Potassium', '2823-3 LOINC', 'mmol/L', [4.1, 4.4, 4.9, 6.4], '3.5 to 5.1', 'critical-high'),
  group('na', 'Sodium', '2951-2 LOINC', 'mmol/L', values(139, 0, 1.4, 14), '136 to 145', 'normal'),
  group('hb', 'Hemoglobin', '718-7 LOINC', 'g/dL', values(12.6, -0.1, 0.3, 14), '12.0 to 15.5', 'low'),
  { ...group('urine', 'Nitrite, urine', '5802-4 LOINC', '', [], '', 'abnormal'), value: 'Positive', count: 2 },
];

const signs: Partial<Record<string, T.VitalSign>> = { bp: 'blood-pressure', weight: 'body-weight', pulse: 'heart-rate' };

const plain = (resourceType: string, id: string, title: string, iso: string, text: string, status: string, detail = ''): T.PlainRow => ({
  resourceType, id, version: 1, title, code: '', when: when(iso, text), status, detail, facts: [],
});
const encounters: T.EncounterRow[] = Array.from({ length: 40 }, (_, index) => ({
  id: `en${index}`, version: 1, start: when(`${2026 - Math.floor(index / 4)}-0${(index % 9) + 1}-14T09:00`, `14-${months[index % 12]}-${2026 - Math.floor(index / 4)} 09:00`),
  end: none, kind: index % 5 === 0 ? 'Emergency visit' : 'Check-up', class: index % 5 === 0 ? 'emergency' : 'ambulatory',
  reason: index % 5 === 0 ? 'Chest pain' : '', practitioner: 'Dr A. OKAFOR', place: 'Harbour General Hospital', status: 'finished',
}));
const lived: T.PlainRow[] = [
  { ...plain('Observation', 'sh1', 'Tobacco smoking status', '2026-03-01', '01-Mar-2026', 'final', 'Former smoker'), code: '72166-2 LOINC' },
  { ...plain('Observation', 'sh2', 'History of Alcohol use', '2025-10-02', '02-Oct-2025', 'final', 'two glasses of wine a week'), code: '11331-6 LOINC' },
  { ...plain('Observation', 'sh3', 'Tobacco smoking status', '2019-05-04', '04-May-2019', 'final', 'Current every day smoker'), code: '72166-2 LOINC' },
];
const member = (id: string, who: string, role: string, status: string): T.CareTeamRow => ({
  id, version: 1, place: 0, member: who, role, team: '', start: when('2026-01-05', '05-Jan-2026'), end: none, status, note: '', alone: true,
});
/** Who can be made a member in the invented core. */
export const colleagues: T.ColleagueView[] = [
  { id: 'u-silva', name: 'R. SILVA', role: 'nurse' },
  { id: 'u-lindh', name: 'Dr B. LINDH', role: 'physician' },
];
const implant: T.PlainRow = {
  ...plain('Device', 'dv2', 'Knee prosthesis', '', 'Not known', 'active', 'UDI (01)51022222233336(11)141231(17)150707(10)A213B1(21)1234, lot A213B1, serial 1234'),
  facts: [
    ['UDI', '(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234'], ['Issuing agency', 'GS1'], ['Device identifier', '51022222233336'], ['Lot or batch', 'A213B1'],
    ['Serial number', '1234'], ['Made', '31-Dec-2014'], ['Expires', '07-Jul-2015'],
  ].map(([label = '', value = '']) => ({ label, value })),
};
const carePlans = [plain('CarePlan', 'cp1', 'Diabetes self management plan', '2020-01-05', '05-Jan-2020', 'active', 'Goal: HbA1c below 7 %')];

export function chart(row: T.PatientRow, allowed: T.Section[]): T.ChartView {
  const counts: Partial<Record<T.Section, number>> = {
    problems: 3, allergies: 2, medications: 5, vitals: 60, results: 48, immunizations: 2, encounters: 40, procedures: 1, documents: 2,
    'care-plans': 1, 'care-team': 2, 'family-history': 1, 'social-history': 3, devices: 2, flags: 1, coverage: 2, other: 0,
  };
  return {
    banner: {
      patientId: row.patientId, name: row.name, birthDate: row.birthDate, age: row.age, gender: row.gender, mrn: row.mrn,
      deceased: row.deceased ? '02-Mar-2020' : null, allergies: allowed.includes('allergies') ? known : { state: 'hidden' },
      flags: allowed.includes('flags') ? { state: 'read', items: [{ sign: 'safety', text: 'Fall risk' }], hidden: 0, unread: 0 } : { state: 'hidden' }, restricted: row.restricted,
      lookAlikes: row.lookAlike ? patients.slice(0, 2).filter((one) => one !== row).map((one) => `${one.name} ${one.birthDate}`) : [],
    },
    tabs: sections.filter((one) => allowed.includes(one)).map((one) => ({ section: one, count: counts[one] ?? null })),
    hidden: allowed.length < sections.length ? ['clinical sections'] : [],
    lastOpened: row.lastOpened,
    emergency: null,
    written: [],
  };
}

const unloaded = 'No ranges of this hospital are loaded: a value is marked by what came with it alone.';
const contents: { [S in T.Section]: Extract<T.SectionContent, { section: S }> } = {
  summary: { section: 'summary', problems: problems.slice(0, 2), allergies: known, allergyRows: allergies, medications: medications.filter((row) => row.active), vitals, results, encounters: encounters.slice(0, 5), carePlans, socialHistory: lived.slice(0, 2) },
  timeline: {
    section: 'timeline',
    rows: Array.from({ length: 600 }, (_, index) => ({
      resourceType: 'Encounter', id: `tl${index}`, when: when(String(2026 - Math.floor(index / 30)), `14-${months[index % 12]}-${2026 - Math.floor(index / 30)}`),
      kind: ['Encounter', 'Problem', 'Procedure', 'Result'][index % 4] ?? '', title: `Entry ${index + 1}`, detail: '',
    })),
  },
  problems: { section: 'problems', rows: problems },
  allergies: { section: 'allergies', banner: known, rows: allergies },
  medications: { section: 'medications', rows: medications },
  vitals: { section: 'vitals', groups: vitals, warning: wholeScore(), unloaded },
  results: { section: 'results', groups: results, unloaded, reports: [plain('DiagnosticReport', 'dr1', 'Basic metabolic panel', '2026-11-02', '02-Nov-2026', 'final')] },
  immunizations: { section: 'immunizations', rows: [plain('Immunization', 'im1', 'Influenza, seasonal', '2025-10-02', '02-Oct-2025', 'completed')] },
  encounters: { section: 'encounters', rows: encounters, colleagues },
  procedures: { section: 'procedures', rows: [plain('Procedure', 'pc1', 'Appendectomy', '1987', '1987', 'completed')] },
  documents: {
    section: 'documents',
    rows: [
      { resourceType: 'DocumentReference', id: 'do1', title: 'Progress note', when: when('2026-11-02', '02-Nov-2026'), author: 'Dr A. OKAFOR', status: 'current', contentType: 'text/plain', readable: true, encounter: '' },
      { resourceType: 'DocumentReference', id: 'do2', title: 'Scanned referral letter', when: when('2021-05-09', '09-May-2021'), author: '', status: 'current', contentType: 'image/tiff', readable: false, encounter: '' },
    ],
    drafts: [],
    templates: [],
  },
  'care-plans': { section: 'care-plans', rows: carePlans },
  'care-team': { section: 'care-team', rows: [member('ct1', 'Dr A. OKAFOR', 'physician', 'active'), member('ct2', 'M. LEE', 'podiatrist', 'inactive')], colleagues },
  'social-history': { section: 'social-history', rows: lived },
  'family-history': { section: 'family-history', rows: [plain('FamilyMemberHistory', 'fh1', 'Mother: diabetes mellitus type 2', '', 'Not known', 'completed')] },
  devices: { section: 'devices', rows: [plain('Device', 'dv1', 'Cardiac pacemaker', '2016-08-01', '01-Aug-2016', 'active'), implant] },
  flags: { section: 'flags', rows: [plain('Flag', 'fl1', 'Fall risk', '2026-11-01', '01-Nov-2026', 'active', 'Safety, by R. SILVA')] },
  coverage: { section: 'coverage', rows: [plain('Coverage', 'co1', 'Statutory plan', '2020', '2020', 'active'), plain('Claim', 'cl1', 'Office visit', '2026-11-02', '02-Nov-2026', 'active', '120.00 USD')] },
  amendments: { section: 'amendments', rows: [], notes: [], decides: false },
  other: { section: 'other', rows: [] },
  access: {
    section: 'access',
    rows: [{ sequence: 4211, recorded: '22-Nov-2026 10:42:07', who: 'Dr A. OKAFOR', role: 'physician', what: 'opened the chart', purpose: 'treatment', outcome: 'done' }],
  },
};

/** What a role does not see of the records that it reads. */
export const closedTo = (role?: T.Role): string[] =>
  role === 'billing' ? ['clinical details', 'notes'] : role === 'front-desk' ? ['reasons, diagnoses and services', 'clinical details', 'notes'] : [];

export function section(name: T.Section, closed: string[] = []): T.SectionView {
  const undecodable = name === 'problems' ? [{ resourceType: 'Condition', id: 'pr9', reason: 'its onset is not a date' }] : [];
  const content = contents[name];
  if (!('rows' in content) || content.rows.length <= firstPart) return { content, undecodable, left: 0, closed };
  return { content: { ...content, rows: content.rows.slice(0, firstPart) } as T.SectionContent, undecodable, left: content.rows.length - firstPart, closed };
}

/** The core gives so many rows at first. */
const firstPart = 30;

export function sectionRest(name: T.Section): T.SectionRest | null {
  const content = contents[name];
  return 'rows' in content ? { content: { ...content, rows: content.rows.slice(firstPart) } as T.SectionContent } : null;
}

export function series(key: string): T.SeriesView | null {
  if (key === 'child-weight') return childWeight();
  const found = [...vitals, ...results].find((one) => one.key === key);
  if (!found) return null;
  const two = key === 'bp';
  const [low, high] = found.range.split(' to ').map(Number);
  const count = found.trend.length;
  return {
    name: found.name, code: found.code, unit: found.unit, lines: two ? ['Systolic', 'Diastolic'] : [''],
    points: found.trend.map((value, index) => {
      const seconds = 1_793_600_000 - ((count - 1 - index) * year) / 4;
      const iso = new Date(seconds * 1000).toISOString();
      return {
        id: `${found.id}-${index}`, when: when(iso, `${iso.slice(8, 10)}-${months[Number(iso.slice(5, 7)) - 1]}-${iso.slice(0, 4)} ${iso.slice(11, 16)}`), epochSeconds: seconds, values: two ? [value, Math.round(value * 0.61)] : [value],
        text: two ? `${value} / ${Math.round(value * 0.61)}` : String(value), flag: index === count - 1 ? found.flag : 'none', range: found.range, status: 'final', version: 1, replacement: '',
      };
    }),
    rangeLow: low !== undefined && Number.isFinite(low) && found.range !== '' ? low : null, rangeHigh: high ?? null,
    rangeSource: found.range === '' ? '' : 'from the latest result',
    vitalSign: signs[key] ?? null, growth: null,
  };
}

export function document(id: string): T.DocumentView {
  const readable = id === 'do1';
  return {
    title: readable ? 'Progress note' : 'Scanned referral letter', when: when('2026-11-02', '02-Nov-2026'), author: 'Dr A. OKAFOR',
    text: readable ? 'Feels well. Home glucose 6 to 9 mmol/L.\n\nPlan: continue, review in 3 months.' : '',
    unreadable: readable ? null : 'the attachment is an image (image/tiff), which this version does not show',
    encounter: '', note: null,
    parts: [],
  };
}

export const importReport: T.ImportReport = {
  types: [
    { resourceType: 'Condition', created: 120, updated: 2, unchanged: 31, refused: 0 },
    { resourceType: 'Observation', created: 980, updated: 0, unchanged: 40, refused: 1 },
    { resourceType: 'Patient', created: 25, updated: 1, unchanged: 0, refused: 0 },
  ],
  problems: [{ file: 'Observation.ndjson', place: 'line 12', reason: 'not JSON: the line ends in the middle of a value' }],
  patients: 26, files: 12, cancelled: false, failed: false,
};

/** Two emergency accesses: one overdue, one of the reviewer's own. */
export function emergencyAccesses(): T.EmergencyAccessRow[] {
  const done: T.AccessRow[] = [
    { sequence: 41, recorded: '18-Nov-2026 03:12:09', who: 'Dr A. OKAFOR', role: 'physician', what: 'opened the chart', purpose: 'emergency treatment', outcome: 'done' },
    { sequence: 42, recorded: '18-Nov-2026 03:12:10', who: 'Dr A. OKAFOR', role: 'physician', what: 'read medications', purpose: 'emergency treatment', outcome: 'done' },
  ];
  const row: T.EmergencyAccessRow = {
    id: 1,
    who: 'Dr A. OKAFOR',
    patientId: 'p5',
    patient: patients[5]?.name ?? '',
    reason: 'unable-to-consent',
    justification: 'Found unconscious in the waiting room',
    started: '18-Nov-2026 03:12:07',
    ended: '18-Nov-2026 03:31:40',
    done,
    overdue: true,
    flags: [{ kind: 'same-name', meaning: 'the user and the patient have the same family name' }],
    own: false,
    review: null,
  };
  return [{ ...row, id: 2, who: 'T. ABEBE', own: true, overdue: false, flags: [], done: [] }, row];
}

export function emergencyList(rows: T.EmergencyAccessRow[]): T.EmergencyAccessListView {
  return { rows, unreviewed: rows.filter((row) => row.review === null).length, overdue: rows.filter((row) => row.overdue).length };
}

/** Invented: no paper carries it. The rows of its QR code are drawn by hand and lead nowhere. */
/** The latest values whose names have each word. */
export function searched(text: string): T.ChartSearchView {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== 'last');
  const rows = (section: T.Section, groups: T.ObservationGroup[]): T.ChartHit[] =>
    groups.map((row) => ({ section, key: row.key, name: row.name, detail: `${row.value} ${row.unit}`, flag: row.flag, when: row.when }));
  const hits = [...rows('vitals', vitals), ...rows('results', results)].filter((hit) => words.every((word) => hit.name.toLowerCase().includes(word)));
  return { hits, total: hits.length, unread: 0 };
}

export const recoveryKey: T.RecoveryKeyView = {
  fingerprint: '4B7C41C7',
  organization: 'Harbour General Hospital',
  date: '22-Nov-2026',
  groups: ['0W3G', 'E1R7', '0W3G', 'E1R7', '0W3G', 'E1R7', '0W3G', 'E1R7', '0W3G', 'E1R7', '0W3G', 'E1R7', '0W3Z', 'KQE5'],
  qr: Array.from({ length: 33 }, (_, row) => Array.from({ length: 33 }, (_, column) => ((row * column + row + column) % 3 === 0 ? '1' : '0')).join('')),
  ask: [3, 14],
};

/** A workstation with one check of each state, the first of which the policy refuses or not. */
export function posture(refuses = false): T.PostureView {
  const check = (id: T.CheckId, name: string, state: T.CheckState, found: string, why: string, advice: string | null): T.PostureCheckView => ({
    id,
    name,
    state,
    found,
    why,
    advice,
    rule: refuses && id === 'diskEncryption' ? 'refuse' : 'warn',
    refuses: refuses && id === 'diskEncryption',
  });
  return {
    checkedAt: '25-Nov-2026 10:42',
    refuses,
    checks: [
      check('diskEncryption', 'Disk encryption', 'fail', 'the data folder lies on /dev/vda1, which this system does not encrypt', 'The disk’s own encryption also covers what other programs write.', 'install the system on an encrypted disk'),
      check('deviceKey', 'Device key', 'ok', 'kept by: TPM', 'It ties the data to this device.', null),
      check('attaching', 'Other programs of the user', 'warn', 'every program of the same user may attach to the processes of the page', 'A program that may attach reads what the page shows.', 'set kernel.yama.ptrace_scope to 1 or more'),
      check('operatingSystem', 'Operating system', 'unknown', 'Debian GNU/Linux 12 (bookworm); it does not say until when it is supported', 'A system without security updates protects nothing above it for long.', 'look at the vendor’s page'),
    ],
  };
}
