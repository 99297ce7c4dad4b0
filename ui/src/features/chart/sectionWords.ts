// What an empty section would hold, in words; the names are in the glossary.
import { t } from '@lingui/core/macro';
import type { Section } from '@/api/types';

export const emptyWords: Record<Section, string> = {
  get summary() { return t`What matters most about this patient would be here.`; },
  get timeline() { return t`Everything that happened would be here, newest first.`; },
  get problems() { return t`Problems and diagnoses would be here, active ones first.`; },
  get allergies() { return t`Allergies and intolerances would be here, the most dangerous first.`; },
  get medications() { return t`Medicines ordered, dispensed and taken would be here, active ones first.`; },
  get vitals() { return t`Blood pressure, pulse, temperature, weight and the like would be here.`; },
  get results() { return t`Laboratory results, imaging and reports would be here.`; },
  get immunizations() { return t`Vaccines given or refused would be here.`; },
  get encounters() { return t`Visits and stays would be here.`; },
  get procedures() { return t`Operations and other procedures would be here.`; },
  get documents() { return t`Notes, letters and other documents would be here.`; },
  get 'care-plans'() { return t`Care plans and goals would be here.`; },
  get 'care-team'() { return t`Whoever takes part in the care of this patient would be here, with role and time.`; },
  get 'family-history'() { return t`Illnesses of relatives would be here.`; },
  get 'social-history'() { return t`Smoking, alcohol, occupation and the like would be here, the latest of each first.`; },
  get devices() { return t`Implanted and used devices would be here.`; },
  get flags() { return t`Warnings about this patient would be here: fall risk, isolation, code status.`; },
  get coverage() { return t`Insurance coverage and claims would be here.`; },
  get amendments() { return t`What the patient asks to be amended would be here.`; },
  get other() { return t`Records that no other section shows would be here.`; },
  get access() { return t`Everyone who opened this chart would be here.`; },
};
