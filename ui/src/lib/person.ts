// Who somebody is (FHIR Patient: name, birthDate, gender, identifier, telecom, address), between a form and the core.
import { t } from '@lingui/core/macro';
import type { DuplicateReason, Gender, PersonFields } from '@/api/types';
import { birthDateWords, readBirthDate } from './birthDate';

export const nobody: PersonFields = {
  family: '', given: '', birthDate: '', gender: null, phone: '', street: '', city: '', state: '', postalCode: '', country: '', mrn: '',
};

export type PersonField = keyof PersonFields;
export type TextField = Exclude<PersonField, 'gender'>;
export type Mistakes = Partial<Record<PersonField, string>>;

export const fieldWords: Record<PersonField, string> = {
  get family() { return t`Family name`; },
  get given() { return t`Given names`; },
  get birthDate() { return t`Birth date`; },
  get gender() { return t`Administrative gender`; },
  get mrn() { return t`Record number (MRN)`; },
  get phone() { return t`Telephone`; },
  get street() { return t`Street and number`; },
  get postalCode() { return t`Postal code`; },
  get city() { return t`City`; },
  get state() { return t`State or region`; },
  get country() { return t`Country`; },
};

const fields = Object.keys(fieldWords) as PersonField[];
const genders: Gender[] = ['female', 'male', 'other', 'unknown'];

/** FHIR administrative-gender; nothing where nobody has asked. */
export const genderWords: readonly { value: Gender | null; label: string }[] = [
  { value: 'female', get label() { return t`Female`; } },
  { value: 'male', get label() { return t`Male`; } },
  { value: 'other', get label() { return t({ message: 'Other', context: 'gender' }); } },
  { value: 'unknown', get label() { return t`Unknown`; } },
  { value: null, get label() { return t`Not asked`; } },
];

/** Why somebody may be the same person. */
export const duplicateWords: Record<DuplicateReason, string> = {
  get 'same-number'() { return t`Same number`; },
  get 'similar-name-same-birth-date'() { return t`Name sounds alike, same birth date`; },
  get 'same-family-name-and-birth-date'() { return t`Same family name and birth date`; },
  get 'similar-name'() { return t`Name sounds alike`; },
};

/** `Ana WALDSTEIN`. */
export function fullName({ given, family }: PersonFields): string {
  return [given.trim(), family.trim().toUpperCase()].filter((part) => part !== '').join(' ');
}

/** `Ana WALDSTEIN, born 03-Feb-1961`, as far as it can be read. */
export function whoInWords(person: PersonFields): string {
  const born = readBirthDate(person.birthDate);
  const name = fullName(person) || t`this patient`;
  if ('mistake' in born) return name;
  return born.date === '' ? t`${name}, birth date not known` : t`${name}, born ${birthDateWords(born.date)}`;
}

export const isNobody = (person: PersonFields): boolean => fields.every((field) => person[field] === nobody[field]);

/** What goes to the core: spaces at the ends are gone, the birth date is in one notation. One that was stored is taken as it is. */
export function prepared(person: PersonFields, storedBirthDate?: string): { person: PersonFields; mistakes: Mistakes } {
  const trimmed = { ...person };
  for (const field of fields) if (field !== 'gender') trimmed[field] = person[field].trim().replace(/\s+/g, ' ');
  const mistakes: Mistakes = {};
  if (trimmed.family === '') mistakes.family = t`Type the family name; where a person has one name alone, type it here`;
  const born = trimmed.birthDate === storedBirthDate ? { date: trimmed.birthDate } : readBirthDate(trimmed.birthDate);
  if ('mistake' in born) mistakes.birthDate = born.mistake;
  else trimmed.birthDate = born.date;
  return { person: trimmed, mistakes };
}

/** The fields of a kept text; a newer or an older program may have written it. */
export function readFields(text: string): Partial<PersonFields> {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    const is = ([name, one]: [string, unknown]) =>
      name === 'gender' ? one === null || genders.some((gender) => gender === one) : typeof one === 'string' && fields.some((field) => field === name);
    return Object.fromEntries(Object.entries(value ?? {}).filter(is));
  } catch {
    return {};
  }
}

const dates = [/\b\d{4}-\d{1,2}-\d{1,2}\b/, /\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b/, /\b\d{1,2}[-. ]+\p{L}{3,}[-., ]+\d{4}\b/u, /\b\p{L}{3,} \d{1,2},? \d{4}\b/u, /\b\d{8}\b/, /\b(?:18|19|20)\d{2}\b/];

/** What somebody looked for and did not find, as the beginning of a form. Family names come first, as in every list. */
export function personFromSearch(text: string): PersonFields {
  const typed = text.trim().replace(/\s+/g, ' ');
  const date = dates.map((one) => one.exec(typed)?.[0]).find((found) => found !== undefined && isDate(found)) ?? '';
  const words = typed.replace(date, ' ').trim().split(/\s+/).filter((word) => word !== '');
  const number = words.filter((word) => /\d/.test(word)).join(' ');
  const name = named(words.filter((word) => !/\d/.test(word)).join(' '));
  const comma = name.indexOf(',');
  const end = comma >= 0 ? comma : name.indexOf(' ');
  const family = end < 0 ? name : name.slice(0, end);
  const given = end < 0 ? '' : name.slice(end).replace(/^[,\s]+/, '');
  return { ...nobody, family, given, birthDate: date, mrn: number };
}

/** One that could be two days is one too: the form asks which. */
function isDate(text: string): boolean {
  const born = readBirthDate(text);
  return 'date' in born || born.dates.length > 0;
}

/** A name all in small letters gets its capitals; one that has some is as it was meant. */
const named = (name: string) => (name === name.toLowerCase() ? name.replace(/(?<=^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase()) : name);
