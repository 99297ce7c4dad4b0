// The one glossary: the word that the screen shows for each thing, with the FHIR (or IHE, HIPAA) term beside it.
import type { DestructionReason, DestructionStage, DisclosureBasis, Environment, FactorKind, OverrideReason, PaperKind, Purpose, Role, Section, Verdict } from '@/api/types';

/** FHIR resource types behind each section. */
export const sectionWords: Record<Section, { label: string; short: string; fhir: string }> = {
  summary: { label: 'Summary', short: 'Summary', fhir: 'Composition' },
  timeline: { label: 'Timeline', short: 'Timeline', fhir: 'every type by date' },
  problems: { label: 'Problems', short: 'Problems', fhir: 'Condition' },
  allergies: { label: 'Allergies', short: 'Allergies', fhir: 'AllergyIntolerance' },
  medications: { label: 'Medications', short: 'Meds', fhir: 'MedicationRequest, MedicationStatement' },
  vitals: { label: 'Vital signs', short: 'Vitals', fhir: 'Observation (vital-signs)' },
  results: { label: 'Results', short: 'Results', fhir: 'Observation (laboratory), DiagnosticReport' },
  immunizations: { label: 'Immunizations', short: 'Imms', fhir: 'Immunization' },
  encounters: { label: 'Encounters', short: 'Encounters', fhir: 'Encounter' },
  procedures: { label: 'Procedures', short: 'Procedures', fhir: 'Procedure' },
  documents: { label: 'Documents', short: 'Documents', fhir: 'DocumentReference' },
  'care-plans': { label: 'Care plans', short: 'Care plans', fhir: 'CarePlan, Goal, CareTeam' },
  'family-history': { label: 'Family history', short: 'Family', fhir: 'FamilyMemberHistory' },
  devices: { label: 'Devices', short: 'Devices', fhir: 'Device' },
  flags: { label: 'Patient flags', short: 'Flags', fhir: 'Flag' },
  coverage: { label: 'Coverage', short: 'Coverage', fhir: 'Coverage, Claim, ExplanationOfBenefit' },
  amendments: { label: 'Amendments', short: 'Amendments', fhir: 'Task' },
  other: { label: 'Other', short: 'Other', fhir: 'every other type' },
  access: { label: 'Access', short: 'Access', fhir: 'AuditEvent' },
};

/** FHIR PractitionerRole.code in our words. */
export const roleWords: Record<Role, string> = {
  physician: 'physician',
  nurse: 'nurse',
  pharmacist: 'pharmacist',
  'front-desk': 'front desk',
  billing: 'billing',
  'privacy-officer': 'privacy officer',
  administrator: 'administrator',
};

export const roles = Object.keys(roleWords) as Role[];

export const environmentWords: Record<Environment, { badge: string; meaning: string }> = {
  live: { badge: 'LIVE', meaning: 'Real patients' },
  demo: { badge: 'DEMO', meaning: 'Invented patients' },
  training: { badge: 'TRAINING', meaning: 'For learning: nothing here is a real patient' },
};

/** Why the glass is broken; ETREAT and BTG of HL7 v3 PurposeOfUse behind them. */
export const overrideReasonWords: Record<OverrideReason, string> = {
  'emergency-treatment': 'Emergency treatment',
  'unable-to-consent': 'The patient cannot be asked',
  'continuity-of-care': 'The patient is in my care',
  'patient-request': 'The patient asks for it',
  safety: 'Somebody’s safety depends on it',
  other: 'Another reason',
};

/** What a review finds. */
export const verdictWords: Record<Verdict, string> = {
  appropriate: 'Appropriate',
  'follow-up': 'To be followed up',
  inappropriate: 'Inappropriate',
};

/** Why a record or an entry is destroyed. */
export const destructionReasonWords: Record<DestructionReason, string> = {
  'patient-request': 'The patient asked for it and it was granted',
  'legal-order': 'A court or an authority ordered it',
  'retention-over': 'The time for which it had to be kept is over',
  'entered-in-error': 'It was taken in by mistake',
  other: 'Another reason',
};

/** How far a destruction is. */
export const destructionStageWords: Record<DestructionStage, string> = {
  waiting: 'Waiting',
  lapsed: 'Lapsed',
  withdrawn: 'Withdrawn',
  approved: 'Agreed',
  destroyed: 'Destroyed',
};

/** The kinds of second factor. */
export const factorWords: Record<FactorKind, string> = { totp: 'authenticator app', 'smart-card': 'smart card' };

/** What somebody authenticates again for. */
export const purposeWords: Record<Purpose, string> = {
  'sign-in': 'to sign in',
  'break-glass': 'to open a chart in an emergency',
  signing: 'to sign',
  administration: 'to change something about this workstation or its users',
  destruction: 'to destroy a record or an entry of one',
  'own-sign-in': 'to change how you sign in',
  'unusual-access': 'because it is about more charts than usual',
};

/** How long a password must be: the core says the same (crates/workstation/src/password_rules.rs). */
export const passwordLength = 15;

/** On what ground something is disclosed (45 CFR 164.528(a)(1), 164.512). */
export const basisWords: Record<DisclosureBasis, string> = {
  treatment: 'Treatment',
  payment: 'Payment',
  operations: 'Health care operations',
  individual: 'To the patient',
  authorization: 'The patient’s authorization',
  'required-by-law': 'Required by law',
  'public-health': 'Public health',
  research: 'Research',
  other: 'Other',
};

/** What can be put on paper: as a choice, and within a sentence. */
export const paperWords: Record<PaperKind, { label: string; inWords: string; hint: string }> = {
  'visit-summary': { label: 'Visit summary', inWords: 'visit summary', hint: 'Reason, problems, allergies, medicines, vital signs, results, notes and next steps' },
  'medication-list': { label: 'Medication list', inWords: 'medication list', hint: 'What the patient takes now, and what was stopped' },
  note: { label: 'Note', inWords: 'note', hint: 'A signed note with its signatures and what followed it' },
  wristband: { label: 'Wristband', inWords: 'wristband', hint: 'Name, birth date and number; that there is an alert, never which' },
  labels: { label: 'Labels', inWords: 'labels', hint: 'Name, birth date and number with a barcode, for specimens and papers' },
};
