// The one glossary: the word that the screen shows for each thing, with the FHIR (or IHE, HIPAA) term beside it.
import { t } from '@lingui/core/macro';
import type { DestructionReason, DestructionStage, DisclosureBasis, Environment, FactorKind, OverrideReason, PaperKind, Purpose, Role, Section, Verdict } from '@/api/types';

/** FHIR resource types behind each section. */
export const sectionWords: Record<Section, { label: string; short: string; fhir: string }> = {
  summary: { get label() { return t`Summary`; }, get short() { return t`Summary`; }, fhir: 'Composition' },
  timeline: { get label() { return t`Timeline`; }, get short() { return t`Timeline`; }, fhir: 'every type by date' },
  problems: { get label() { return t`Problems`; }, get short() { return t`Problems`; }, fhir: 'Condition' },
  allergies: { get label() { return t`Allergies`; }, get short() { return t`Allergies`; }, fhir: 'AllergyIntolerance' },
  medications: { get label() { return t`Medications`; }, get short() { return t`Meds`; }, fhir: 'MedicationRequest, MedicationStatement' },
  vitals: { get label() { return t`Vital signs`; }, get short() { return t`Vitals`; }, fhir: 'Observation (vital-signs)' },
  results: { get label() { return t`Results`; }, get short() { return t`Results`; }, fhir: 'Observation (laboratory), DiagnosticReport' },
  immunizations: { get label() { return t`Immunizations`; }, get short() { return t`Imms`; }, fhir: 'Immunization' },
  encounters: { get label() { return t`Encounters`; }, get short() { return t`Encounters`; }, fhir: 'Encounter' },
  procedures: { get label() { return t`Procedures`; }, get short() { return t`Procedures`; }, fhir: 'Procedure' },
  documents: { get label() { return t`Documents`; }, get short() { return t`Documents`; }, fhir: 'DocumentReference' },
  'care-plans': { get label() { return t`Care plans`; }, get short() { return t`Care plans`; }, fhir: 'CarePlan, Goal' },
  'care-team': { get label() { return t`Care team`; }, get short() { return t`Team`; }, fhir: 'CareTeam' },
  'family-history': { get label() { return t`Family history`; }, get short() { return t`Family`; }, fhir: 'FamilyMemberHistory' },
  'social-history': { get label() { return t`Social history`; }, get short() { return t({ message: 'Social', context: 'section' }); }, fhir: 'Observation (social-history)' },
  devices: { get label() { return t`Devices`; }, get short() { return t`Devices`; }, fhir: 'Device' },
  flags: { get label() { return t`Patient flags`; }, get short() { return t`Flags`; }, fhir: 'Flag' },
  coverage: { get label() { return t`Coverage`; }, get short() { return t`Coverage`; }, fhir: 'Coverage, Claim, ExplanationOfBenefit' },
  amendments: { get label() { return t`Amendments`; }, get short() { return t`Amendments`; }, fhir: 'Task' },
  other: { get label() { return t`Other`; }, get short() { return t`Other`; }, fhir: 'every other type' },
  access: { get label() { return t`Access`; }, get short() { return t`Access`; }, fhir: 'AuditEvent' },
};

/** FHIR PractitionerRole.code in our words. */
export const roleWords: Record<Role, string> = {
  get physician() { return t`physician`; },
  get nurse() { return t`nurse`; },
  get pharmacist() { return t`pharmacist`; },
  get 'front-desk'() { return t`front desk`; },
  get billing() { return t`billing`; },
  get 'privacy-officer'() { return t`privacy officer`; },
  get administrator() { return t`administrator`; },
};

export const roles = Object.keys(roleWords) as Role[];

export const environmentWords: Record<Environment, { badge: string; meaning: string }> = {
  live: { get badge() { return t`LIVE`; }, get meaning() { return t`Real patients`; } },
  demo: { get badge() { return t`DEMO`; }, get meaning() { return t`Invented patients`; } },
  training: { get badge() { return t`TRAINING`; }, get meaning() { return t`For learning: nothing here is a real patient`; } },
};

/** Why the glass is broken; ETREAT and BTG of HL7 v3 PurposeOfUse behind them. */
export const overrideReasonWords: Record<OverrideReason, string> = {
  get 'emergency-treatment'() { return t`Emergency treatment`; },
  get 'unable-to-consent'() { return t`The patient cannot be asked`; },
  get 'continuity-of-care'() { return t`The patient is in my care`; },
  get 'patient-request'() { return t`The patient asks for it`; },
  get safety() { return t`Somebody’s safety depends on it`; },
  get other() { return t`Another reason`; },
};

/** What a review finds. */
export const verdictWords: Record<Verdict, string> = {
  get appropriate() { return t`Appropriate`; },
  get 'follow-up'() { return t`To be followed up`; },
  get inappropriate() { return t`Inappropriate`; },
};

/** Why a record or an entry is destroyed. */
export const destructionReasonWords: Record<DestructionReason, string> = {
  get 'patient-request'() { return t`The patient asked for it and it was granted`; },
  get 'legal-order'() { return t`A court or an authority ordered it`; },
  get 'retention-over'() { return t`The time for which it had to be kept is over`; },
  get 'entered-in-error'() { return t`It was taken in by mistake`; },
  get other() { return t`Another reason`; },
};

/** How far a destruction is. */
export const destructionStageWords: Record<DestructionStage, string> = {
  get waiting() { return t`Waiting`; },
  get lapsed() { return t`Lapsed`; },
  get withdrawn() { return t`Withdrawn`; },
  get approved() { return t`Agreed`; },
  get destroyed() { return t`Destroyed`; },
};

/** The kinds of second factor. */
export const factorWords: Record<FactorKind, string> = { get totp() { return t`authenticator app`; }, get 'smart-card'() { return t`smart card`; } };

/** What somebody authenticates again for. */
export const purposeWords: Record<Purpose, string> = {
  get 'sign-in'() { return t`to sign in`; },
  get 'break-glass'() { return t`to open a chart in an emergency`; },
  get signing() { return t`to sign`; },
  get administration() { return t`to change something about this workstation or its users`; },
  get destruction() { return t`to destroy a record or an entry of one`; },
  get 'own-sign-in'() { return t`to change how you sign in`; },
  get 'unusual-access'() { return t`because it is about more charts than usual`; },
  get 'fleet-desk'() { return t`to open the desk over the whole fleet`; },
};

/** How long a password must be: the core says the same (crates/workstation/src/password_rules.rs). */
export const passwordLength = 15;

/** On what ground something is disclosed (45 CFR 164.528(a)(1), 164.512). */
export const basisWords: Record<DisclosureBasis, string> = {
  get treatment() { return t`Treatment`; },
  get payment() { return t`Payment`; },
  get operations() { return t`Health care operations`; },
  get individual() { return t`To the patient`; },
  get authorization() { return t`The patient’s authorization`; },
  get 'required-by-law'() { return t`Required by law`; },
  get 'public-health'() { return t`Public health`; },
  get research() { return t`Research`; },
  get other() { return t`Other`; },
};

/** What can be put on paper: as a choice, and within a sentence. */
export const paperWords: Record<PaperKind, { label: string; inWords: string; hint: string }> = {
  'visit-summary': { get label() { return t`Visit summary`; }, get inWords() { return t`visit summary`; }, get hint() { return t`Reason, problems, allergies, medicines, vital signs, results, notes and next steps`; } },
  'medication-list': { get label() { return t`Medication list`; }, get inWords() { return t`medication list`; }, get hint() { return t`What the patient takes now, and what was stopped`; } },
  note: { get label() { return t`Note`; }, get inWords() { return t`note`; }, get hint() { return t`A signed note with its signatures and what followed it`; } },
  wristband: { get label() { return t`Wristband`; }, get inWords() { return t`wristband`; }, get hint() { return t`Name, birth date and number; that there is an alert, never which`; } },
  labels: { get label() { return t`Labels`; }, get inWords() { return t`labels`; }, get hint() { return t`Name, birth date and number with a barcode, for specimens and papers`; } },
};
