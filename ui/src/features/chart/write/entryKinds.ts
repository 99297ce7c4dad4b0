// The kinds of entries that are written in words: the page of each, its fields in their order, and how it ends.
import type { CodedKind, EntryKind, EntryStep, Relative, Section } from '@/api/types';

export type EntryField = { name: 'detail' | 'day'; label: string; width: number };

/** The words of one step: what begins it, the button that confirms it around the name of the thing, and what is asked. */
export type StepWords = { action: string; confirm: string; tail: string; why: string };

export type KindWords = {
  section: Section;
  resourceType: string;
  /** `medicine`, in the middle of a sentence. */
  what: string;
  /** The name of its form. */
  add: string;
  /** The name of the field that no entry is without. */
  text: string;
  /** What its code is chosen for; null for what is written in words alone. */
  coded: CodedKind | null;
  /** Said when that field is empty. */
  missing: string;
  /** The fields that it has besides its name and its note, in the order of typing. */
  fields: readonly EntryField[];
  /** How it ends; a mistake and no more for what is over when it is written. */
  end: StepWords | null;
  /** The statuses in which it has ended already. */
  ended: readonly string[];
  /** What whoever writes it has to know besides that it is not coded. */
  caution: string;
};

export const entryKinds: Record<EntryKind, KindWords> = {
  medicine: {
    section: 'medications',
    resourceType: 'MedicationStatement',
    what: 'medicine',
    add: 'Add a medicine',
    text: 'Medicine',
    coded: 'medicine',
    missing: 'Type which medicine it is',
    fields: [
      { name: 'detail', label: 'Dosage, like 500 mg twice a day', width: 210 },
      { name: 'day', label: 'Since, like 2019-05', width: 120 },
    ],
    end: { action: 'Stop', confirm: 'Stop', tail: '', why: 'Why it is stopped' },
    ended: ['stopped', 'completed', 'not-taken'],
    caution: ' A statement of what is taken, not a prescription; it is not checked against allergies or other medicines.',
  },
  immunization: {
    section: 'immunizations',
    resourceType: 'Immunization',
    what: 'immunization',
    add: 'Add an immunization',
    text: 'Vaccine',
    coded: 'immunization',
    missing: 'Type which vaccine it is',
    fields: [
      { name: 'day', label: 'Given, like 2019-05-03', width: 130 },
      { name: 'detail', label: 'Lot number', width: 120 },
    ],
    end: null,
    ended: [],
    caution: '',
  },
  procedure: {
    section: 'procedures',
    resourceType: 'Procedure',
    what: 'procedure',
    add: 'Add a procedure',
    text: 'Procedure',
    coded: 'procedure',
    missing: 'Type what was done',
    fields: [
      { name: 'detail', label: 'Site', width: 150 },
      { name: 'day', label: 'When, like 2019-05', width: 120 },
    ],
    end: null,
    ended: [],
    caution: '',
  },
  'family-history': {
    section: 'family-history',
    resourceType: 'FamilyMemberHistory',
    what: 'family history',
    add: 'Add family history',
    text: 'What the relative had',
    coded: null,
    missing: 'Type what the relative had',
    fields: [{ name: 'detail', label: 'At what age, like 55', width: 120 }],
    end: null,
    ended: [],
    caution: '',
  },
  device: {
    section: 'devices',
    resourceType: 'Device',
    what: 'device',
    add: 'Add a device',
    text: 'Device',
    coded: null,
    missing: 'Type which device it is',
    fields: [
      { name: 'detail', label: 'Serial number', width: 150 },
      { name: 'day', label: 'Made, like 2019-05', width: 120 },
    ],
    end: { action: 'Take out of use', confirm: 'Take', tail: 'out of use ', why: 'Why it is taken out of use' },
    ended: ['inactive'],
    caution: '',
  },
  goal: {
    section: 'care-plans',
    resourceType: 'Goal',
    what: 'goal',
    add: 'Add a goal',
    text: 'Goal',
    coded: null,
    missing: 'Type what is to be reached',
    fields: [{ name: 'day', label: 'Until, like 2027-03', width: 120 }],
    end: { action: 'Reached', confirm: 'Mark', tail: 'as reached ', why: 'How it was reached, if there is more to say' },
    ended: ['completed', 'cancelled', 'rejected'],
    caution: '',
  },
};

const mistake: StepWords = { action: 'Entered in error', confirm: 'Mark', tail: 'as entered in error ', why: 'What went wrong' };

const kinds = Object.keys(entryKinds) as EntryKind[];

/** The kind that is written on this page; null for a page that has a form of its own, or none. */
export const kindOn = (section: Section): EntryKind | null => kinds.find((kind) => entryKinds[kind].section === section) ?? null;

/** The kind of a resource of this type; null for what is not written here. */
export const kindOf = (resourceType: string): EntryKind | null => kinds.find((kind) => entryKinds[kind].resourceType === resourceType) ?? null;

/** A status without the reason that the core puts behind it: `inactive (battery)`. */
export const bare = (status: string) => status.split(' (')[0] ?? '';

/** Whether it was a mistake to write it. */
export const isMistake = (status: string) => bare(status) === 'entered-in-error';

/** What can be done with an entry that stands so, with its words. */
export function stepsOf(kind: EntryKind, status: string): [EntryStep, StepWords][] {
  const { end, ended } = entryKinds[kind];
  const steps: [EntryStep, StepWords][] = [['enter-in-error', mistake]];
  return end === null || ended.includes(bare(status)) ? steps : [['end', end], ...steps];
}

export const relatives: readonly { value: Relative; label: string }[] = [
  { value: 'mother', label: 'Mother' },
  { value: 'father', label: 'Father' },
  { value: 'sister', label: 'Sister' },
  { value: 'brother', label: 'Brother' },
  { value: 'daughter', label: 'Daughter' },
  { value: 'son', label: 'Son' },
  { value: 'grandmother', label: 'Grandmother' },
  { value: 'grandfather', label: 'Grandfather' },
  { value: 'aunt', label: 'Aunt' },
  { value: 'uncle', label: 'Uncle' },
];
