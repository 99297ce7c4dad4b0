// What an empty section would hold, in words; the names are in the glossary.
import type { Section } from '@/api/types';

export const emptyWords: Record<Section, string> = {
  summary: 'What matters most about this patient would be here.',
  timeline: 'Everything that happened would be here, newest first.',
  problems: 'Problems and diagnoses would be here, active ones first.',
  allergies: 'Allergies and intolerances would be here, the most dangerous first.',
  medications: 'Medicines ordered, dispensed and taken would be here, active ones first.',
  vitals: 'Blood pressure, pulse, temperature, weight and the like would be here.',
  results: 'Laboratory results, imaging and reports would be here.',
  immunizations: 'Vaccines given or refused would be here.',
  encounters: 'Visits and stays would be here.',
  procedures: 'Operations and other procedures would be here.',
  documents: 'Notes, letters and other documents would be here.',
  'care-plans': 'Care plans, goals and care teams would be here.',
  'family-history': 'Illnesses of relatives would be here.',
  devices: 'Implanted and used devices would be here.',
  flags: 'Warnings about this patient would be here: fall risk, isolation, code status.',
  coverage: 'Insurance coverage and claims would be here.',
  amendments: 'What the patient asks to be amended would be here.',
  other: 'Records that no other section shows would be here.',
  access: 'Everyone who opened this chart would be here.',
};
