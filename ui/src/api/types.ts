// What crosses between core and screen, as crates/workstation/src/view/*.rs serializes it.
export type Stage = 'first-start' | 'signed-out' | 'unlocked' | 'locked';
export type Environment = 'live' | 'demo' | 'training';
export type Role = 'physician' | 'nurse' | 'pharmacist' | 'front-desk' | 'billing' | 'privacy-officer' | 'administrator';
export type Section =
  | 'summary' | 'timeline' | 'problems' | 'allergies' | 'medications' | 'vitals' | 'results' | 'immunizations' | 'encounters'
  | 'procedures' | 'documents' | 'care-plans' | 'family-history' | 'devices' | 'coverage' | 'other' | 'access';
export type ErrorCode =
  | 'not-signed-in' | 'locked' | 'wrong-password' | 'refused-for-now' | 'forbidden' | 'restricted' | 'not-found' | 'invalid'
  | 'busy' | 'audit-unavailable' | 'internal';

export type AppError = { code: ErrorCode; message: string };

export type Abilities = {
  searchPatients: boolean;
  sections: Section[];
  import: boolean;
  administerUsers: boolean;
  verifyAudit: boolean;
};
export type UserView = { id: string; username: string; displayName: string; role: Role; lastSignIn: string | null };
export type SessionView = {
  stage: Stage;
  user: UserView | null;
  signedInAt: string | null;
  idleLockMinutes: number;
  environment: Environment;
  organization: string;
  custodian: string;
  custodianIsWeak: boolean;
  place: string | null;
  may: Abilities;
  version: string;
};
export type AdministratorCreateRequest = { organization: string; username: string; displayName: string; password: string };
export type SessionCreateRequest = { username: string; password: string };
export type SessionUnlockRequest = { password: string };
export type PlaceUpdateRequest = { place: string };
export type UserCreateRequest = { username: string; displayName: string; role: Role; password: string };
export type AuditVerifyView = { intact: boolean; entries: number; root: string; findings: string[] };

export type PatientSearchRequest = { text: string };
export type PatientSearchView = { rows: PatientRow[]; total: number; searched: number };
export type PatientRow = {
  patientId: string;
  name: string;
  birthDate: string;
  age: string;
  gender: string;
  mrn: string;
  lookAlike: boolean;
  restricted: boolean;
  deceased: boolean;
  lastOpened: string | null;
};
export type AccessRow = {
  sequence: number;
  recorded: string;
  who: string;
  role: string;
  what: string;
  purpose: string;
  outcome: string;
};

export type ChartReadRequest = { patientId: string };
export type SectionReadRequest = { patientId: string; section: Section };
export type SeriesReadRequest = { patientId: string; key: string };
export type ResourceReadRequest = { patientId: string; resourceType: string; id: string };
export type ChartView = { banner: BannerView; tabs: SectionTab[]; hidden: string[]; lastOpened: string | null };
export type SectionTab = { section: Section; count: number | null };
export type BannerView = {
  patientId: string;
  name: string;
  birthDate: string;
  age: string;
  gender: string;
  mrn: string;
  deceased: string | null;
  allergies: AllergyBanner;
  restricted: boolean;
  lookAlikes: string[];
};
export type AllergyBanner =
  | { state: 'known'; items: string[] }
  | { state: 'no-known' }
  | { state: 'not-recorded' }
  | { state: 'unavailable' }
  | { state: 'hidden' };

export type When = { iso: string; text: string };
export type SectionView = { content: SectionContent; undecodable: UndecodableRow[] };
export type SectionContent =
  | ({ section: 'summary' } & SummaryContent)
  | { section: 'timeline'; rows: TimelineRow[] }
  | { section: 'problems'; rows: ProblemRow[] }
  | { section: 'allergies'; banner: AllergyBanner; rows: AllergyRow[] }
  | { section: 'medications'; rows: MedicationRow[] }
  | { section: 'vitals'; groups: ObservationGroup[] }
  | { section: 'results'; groups: ObservationGroup[]; reports: PlainRow[] }
  | { section: 'immunizations'; rows: PlainRow[] }
  | { section: 'encounters'; rows: EncounterRow[] }
  | { section: 'procedures'; rows: PlainRow[] }
  | { section: 'documents'; rows: DocumentRow[] }
  | { section: 'care-plans'; rows: PlainRow[] }
  | { section: 'family-history'; rows: PlainRow[] }
  | { section: 'devices'; rows: PlainRow[] }
  | { section: 'coverage'; rows: PlainRow[] }
  | { section: 'other'; rows: PlainRow[] }
  | { section: 'access'; rows: AccessRow[] };
export type UndecodableRow = { resourceType: string; id: string; reason: string };
export type SummaryContent = {
  problems: ProblemRow[];
  allergies: AllergyBanner;
  allergyRows: AllergyRow[];
  medications: MedicationRow[];
  vitals: ObservationGroup[];
  results: ObservationGroup[];
  encounters: EncounterRow[];
  carePlans: PlainRow[];
};
export type TimelineRow = { resourceType: string; id: string; when: When; kind: string; title: string; detail: string };
export type ProblemRow = {
  id: string;
  name: string;
  code: string;
  clinicalStatus: string;
  active: boolean;
  verificationStatus: string;
  category: string;
  severity: string;
  onset: When;
  abatement: When;
  note: string;
};
export type AllergyRow = {
  id: string;
  agent: string;
  code: string;
  category: string;
  kind: string;
  criticality: string;
  reactions: string[];
  clinicalStatus: string;
  verificationStatus: string;
  recorded: When;
};
export type MedicationRow = {
  resourceType: string;
  id: string;
  name: string;
  code: string;
  dose: string;
  route: string;
  frequency: string;
  text: string;
  status: string;
  active: boolean;
  intent: string;
  when: When;
  requester: string;
  reason: string;
};
export type Flag = 'none' | 'normal' | 'abnormal' | 'low' | 'high' | 'critical-low' | 'critical-high' | 'critical-abnormal';
export type ObservationGroup = {
  key: string;
  name: string;
  code: string;
  category: string;
  value: string;
  unit: string;
  flag: Flag;
  range: string;
  when: When;
  count: number;
  status: string;
  trend: number[];
  id: string;
};
export type SeriesView = {
  name: string;
  code: string;
  unit: string;
  lines: string[];
  points: SeriesPoint[];
  rangeLow: number | null;
  rangeHigh: number | null;
  rangeSource: string;
};
export type SeriesPoint = {
  id: string;
  when: When;
  epochSeconds: number;
  values: (number | null)[];
  text: string;
  flag: Flag;
  range: string;
  status: string;
};
export type EncounterRow = {
  id: string;
  start: When;
  end: When;
  kind: string;
  class: string;
  reason: string;
  practitioner: string;
  place: string;
  status: string;
};
export type DocumentRow = {
  resourceType: string;
  id: string;
  title: string;
  when: When;
  author: string;
  status: string;
  contentType: string;
  readable: boolean;
};
export type DocumentView = { title: string; when: When; author: string; text: string; unreadable: string | null };
export type PlainRow = {
  resourceType: string;
  id: string;
  title: string;
  code: string;
  when: When;
  status: string;
  detail: string;
};
export type ResourceView = { resourceType: string; id: string; version: number; json: string };

export type ImportStartRequest = { paths: string[] };
export type ImportProgress = {
  phase: string;
  filesDone: number;
  filesTotal: number;
  resourcesDone: number;
  resourcesTotal: number;
  secondsLeft: number | null;
  report: ImportReport | null;
};
export type ImportReport = {
  types: ImportTypeCount[];
  problems: ImportProblem[];
  patients: number;
  files: number;
  cancelled: boolean;
};
export type ImportTypeCount = { resourceType: string; created: number; updated: number; unchanged: number; refused: number };
export type ImportProblem = { file: string; place: string; reason: string };
export type LockWarning = { secondsLeft: number | null };
