// Codes in the invented core: a few concepts, of which those are found whose every word begins with a typed one.
import type { Commands, Result } from './contract';
import type * as T from './types';

type Core = { answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>>; needOpen(): void };

const concept = (system: string, systemName: string, release: string, code: string, display: string, kind = ''): T.ConceptRow => ({ system, systemName, release, code, display, kind });

const diagnoses = [
  concept('icd-10-cm', 'ICD-10-CM', '2026', 'J45.909', 'Unspecified asthma, uncomplicated'),
  concept('icd-10-cm', 'ICD-10-CM', '2026', 'J44.9', 'Chronic obstructive pulmonary disease, unspecified'),
  concept('icd-10-cm', 'ICD-10-CM', '2026', 'I10', 'Essential (primary) hypertension'),
];
const vaccines = [concept('cvx', 'CVX', '20250715', '03', 'MMR', 'Active'), concept('cvx', 'CVX', '20250715', '88', 'influenza, unspecified formulation', 'Inactive')];

const loaded = (system: string, name: string, release: string): T.TerminologyView => ({
  system, name, state: 'common', release, concepts: 3, source: '', imported: '', words: `${name} ${release}, common entries`,
});
const absent = (system: string, name: string): T.TerminologyView => ({
  system, name, state: 'not-loaded', release: '', concepts: 0, source: '', imported: '', words: `${name} is not loaded; an administrator imports it with \`vigil terminology import ${system}\``,
});

const of: Record<T.CodedKind, { concepts: T.ConceptRow[]; systems: T.TerminologyView[] }> = {
  problem: { concepts: diagnoses, systems: [loaded('icd-10-cm', 'ICD-10-CM', '2026'), absent('snomed-gps', 'SNOMED CT')] },
  allergy: { concepts: [], systems: [absent('rxnorm', 'RxNorm'), absent('snomed-gps', 'SNOMED CT')] },
  medicine: { concepts: [], systems: [absent('rxnorm', 'RxNorm'), absent('snomed-gps', 'SNOMED CT')] },
  immunization: { concepts: vaccines, systems: [loaded('cvx', 'CVX', '20250715')] },
  procedure: { concepts: [], systems: [absent('snomed-gps', 'SNOMED CT')] },
  observation: { concepts: [concept('loinc', 'LOINC', '2.81', '82810-3', 'Pregnancy status')], systems: [{ ...loaded('loinc', 'LOINC', '2.81'), state: 'imported', words: 'LOINC 2.81' }] },
};

export function terminologyCommands({ answer, needOpen }: Core): Pick<Commands, 'terminologySearch'> {
  return {
    terminologySearch: (request) =>
      answer('terminologySearch', request, () => {
        needOpen();
        const { concepts, systems } = of[request.kind];
        const typed = request.text.toLowerCase().split(/\W+/).filter(Boolean);
        const begins = (row: T.ConceptRow) => typed.every((word) => `${row.code} ${row.display}`.toLowerCase().split(/\W+/).some((one) => one.startsWith(word)));
        return { rows: concepts.filter(begins), systems };
      }),
  };
}
