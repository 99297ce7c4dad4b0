// The patients of the invented core: the search, and registering with the look for the same person.
import type { Commands, Result } from './contract';
import { abilities } from './mockAbilities';
import { patients } from './mockChart';
import type * as T from './types';

/** Who is here, and of those who were registered or changed what the form says. Replaced with each change, never changed. */
export type Registry = { patients: T.PatientRow[]; stored: Record<string, T.PatientDemographicsView> };

export const registry = (): Registry => ({ patients, stored: {} });

type Core = {
  mock: { registry: Registry; recent: string[]; written: { onScreen: string | null }; user: T.UserView | null };
  answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>>;
  refuse(code: T.ErrorCode, message: string): never;
  needOpen(): void;
};

type PatientCommands = Pick<Commands, 'patientSearch' | 'patientRecent' | 'patientCreate' | 'patientDemographicsRead' | 'patientUpdate'>;

export function patientCommands({ mock, answer, refuse, needOpen }: Core): PatientCommands {
  const needRight = () => {
    needOpen();
    if (mock.user === null || !abilities[mock.user.role].registerPatients) refuse('forbidden', 'your role registers no patients');
  };
  const demographics = (patientId: string): T.PatientDemographicsView => {
    const row = mock.registry.patients.find((one) => one.patientId === patientId);
    if (row === undefined) return refuse('not-found', 'this patient is not at this workstation; search again');
    return mock.registry.stored[patientId] ?? { version: 1, person: personOf(row) };
  };
  const check = (person: T.PersonFields) => {
    if (person.family.trim() === '') refuse('invalid', 'the family name is missing');
    if (person.birthDate !== '' && !/^\d{4}(-\d{2}(-\d{2})?)?$/.test(person.birthDate)) refuse('invalid', 'the birth date is not a date');
  };
  const store = (row: T.PatientRow, view: T.PatientDemographicsView) => {
    const others = mock.registry.patients.filter((one) => one.patientId !== row.patientId);
    mock.registry = { patients: [row, ...others], stored: { ...mock.registry.stored, [row.patientId]: view } };
  };
  return {
    patientSearch: (request) =>
      answer('patientSearch', request, () => {
        needOpen();
        return search(mock.registry.patients, request.text);
      }),
    patientRecent: () =>
      answer('patientRecent', null, () => {
        needOpen();
        return mock.recent.flatMap((id) => mock.registry.patients.filter((row) => row.patientId === id));
      }),
    patientCreate: (request) =>
      answer('patientCreate', request, () => {
        needRight();
        check(request.person);
        const duplicates = duplicatesOf(request.person, mock.registry.patients);
        if (duplicates.some((one) => !request.despite.includes(one.patient.patientId))) return { patientId: null, duplicates };
        const patientId = `new-patient-${mock.registry.patients.length}`;
        store(rowOf(patientId, request.person), { version: 1, person: request.person });
        return { patientId, duplicates: [] };
      }),
    patientDemographicsRead: (request) =>
      answer('patientDemographicsRead', request, () => {
        needRight();
        return demographics(request.patientId);
      }),
    patientUpdate: (request) =>
      answer('patientUpdate', request, () => {
        needRight();
        if (mock.written.onScreen !== request.patientId || request.chartOnScreen !== request.patientId)
          refuse('other-patient', 'this would have been written in another chart than the one on the screen, so nothing was stored; the refusal is on record');
        const { version, person } = demographics(request.patientId);
        if (request.version !== version) refuse('version-conflict', 'somebody else has changed who this is since it was read, so nothing was stored');
        check(request.person);
        if (JSON.stringify({ ...person, ...request.person }) === JSON.stringify(person)) refuse('invalid', 'nothing was changed');
        store(rowOf(request.patientId, request.person), { version: version + 1, person: request.person });
        return { lines: ['Who this patient is'] };
      }),
  };
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function search(all: T.PatientRow[], text: string): T.PatientSearchView {
  const parts = folded(text).split(/\s+/).filter(Boolean);
  const hits = all.filter((row) => {
    const hay = folded(`${row.name} ${row.birthDate} ${row.mrn} ${row.mrn.replaceAll(' ', '')}`);
    return parts.every((part) => hay.includes(part));
  });
  return { rows: hits.slice(0, 50), total: hits.length, searched: all.length };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function rowOf(patientId: string, person: T.PersonFields): T.PatientRow {
  const [year = '', month, day] = person.birthDate.split('-');
  const name = [person.family.toUpperCase(), person.given].filter(Boolean).join(', ');
  const words = [day, month === undefined ? undefined : months[Number(month) - 1], year].filter(Boolean).join('-');
  return {
    patientId, name, birthDate: words === '' ? 'Not known' : words, age: year === '' ? '' : `${2026 - Number(year)}y`,
    gender: person.gender ?? 'Not known', mrn: person.mrn === '' ? 'Not known' : person.mrn, lookAlike: false, restricted: false, deceased: false, lastOpened: null,
  };
}

/** Of an invented patient, what a form would show: `SMITH, Jane (Ms)` is Jane Smith. */
function personOf(row: T.PatientRow): T.PersonFields {
  const [family = '', given = ''] = row.name.replace(/ \(.*\)$/, '').split(', ');
  const [day = '', month = '', year = ''] = row.birthDate.split('-');
  const known = year !== '';
  return {
    family: family.charAt(0) + family.slice(1).toLowerCase(), given, birthDate: known ? `${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${day}` : '',
    gender: row.gender as T.Gender, phone: '+44 20 7946 0123', street: '12 Harbour Road', city: 'Whitby', state: '', postalCode: 'YO21 3PU', country: 'GB', mrn: row.mrn,
  };
}

const reasons: T.DuplicateReason[] = ['same-number', 'similar-name-same-birth-date', 'same-family-name-and-birth-date', 'similar-name'];

/** By the rules of the core, roughly: names sound alike by their first letter and their consonants. */
function duplicatesOf(person: T.PersonFields, all: T.PatientRow[]): T.DuplicateRow[] {
  return all
    .flatMap((patient): T.DuplicateRow[] => {
      const other = personOf(patient);
      const number = person.mrn !== '' && digits(person.mrn) === digits(patient.mrn);
      const day = person.birthDate !== '' && person.birthDate === other.birthDate;
      const year = person.birthDate === '' || other.birthDate === '' || person.birthDate.slice(0, 4) === other.birthDate.slice(0, 4);
      const alike = sound(person.family) === sound(other.family) && sound(person.given) === sound(other.given);
      if (number) return [{ patient, why: 'same-number' }];
      if (alike && day) return [{ patient, why: 'similar-name-same-birth-date' }];
      if (day && folded(person.family) === folded(other.family)) return [{ patient, why: 'same-family-name-and-birth-date' }];
      return alike && year ? [{ patient, why: 'similar-name' }] : [];
    })
    .sort((one, other) => reasons.indexOf(one.why) - reasons.indexOf(other.why));
}

const digits = (text: string) => text.replace(/\s/g, '');
const sound = (name: string) => folded(name).replace(/[^a-z]/g, '').replace(/(?<=.)[aeiouyhw]/g, '').replace(/(.)\1+/g, '$1').slice(0, 4);
