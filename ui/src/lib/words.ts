// The one glossary: the word that the screen shows for each thing, with the FHIR (or IHE, HIPAA) term beside it.
import type { Environment, OverrideReason, Role, Section, Verdict } from '@/api/types';

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
  coverage: { label: 'Coverage', short: 'Coverage', fhir: 'Coverage, Claim, ExplanationOfBenefit' },
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

/** How long a password must be: the core says the same (view/session.rs). */
export const passwordLength = 12;
