// Invented worklists for mock.ts.
import type { Commands, Result } from './contract';
import { patients } from './mockChart';
import type * as T from './types';

type Answer = <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;

const line = (at: number, row: Partial<T.WorklistRow>): T.WorklistRow[] => {
  const patient = patients[at];
  if (patient === undefined) return [];
  return [{ key: `k${at}`, patient, when: '', what: '', place: '', with: '', own: false, keptBack: patient.restricted, ...row }];
};

function rows(worklist: T.Worklist): T.WorklistRow[] {
  switch (worklist) {
    case 'panel':
      return [
        ...line(0, { what: 'In the house: inpatient encounter', when: 'since 24-Nov-2026 08:10', place: 'Ward 4 East', own: true }),
        ...line(1, { what: 'Appointment, booked', when: '29-Nov-2026 10:00', place: 'Alder Clinic, room 3', own: true }),
        ...line(2, { what: 'Care team', own: true }),
      ];
    case 'ward':
      return [
        ...line(0, { what: 'In the house: inpatient encounter', when: 'since 24-Nov-2026 08:10', place: 'Ward 4 East', with: 'Dr. Renata Quiroga, MD', own: true }),
        ...line(3, { what: 'In the house: emergency', when: 'since 28-Nov-2026 21:32', place: 'Emergency department', with: 'Dr. Gwendolyn Starling, MD' }),
      ];
    case 'schedule':
      return [...line(1, { what: 'Appointment, booked', when: '29-Nov-2026 10:00', place: 'Alder Clinic, room 3', with: 'Dr. Miriam Okafor-Lindqvist, MD' })];
    case 'prescriptions':
      return [...line(4, { what: '3 prescriptions', when: '27-Nov-2026 11:20' })];
    case 'claims':
      return [];
  }
}

export function worklistCommands(answer: Answer, needOpen: () => void): Pick<Commands, 'worklistSearch'> {
  return {
    worklistSearch: (request) =>
      answer('worklistSearch', request, () => {
        needOpen();
        return { rows: rows(request.worklist), more: false, linked: true };
      }),
  };
}
