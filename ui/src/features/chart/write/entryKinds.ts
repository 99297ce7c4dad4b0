// The kinds of entries that are written in words: the page of each, its fields in their order, and how it ends.
import type { CodedKind, EntryKind, EntryStep, Section } from '@/api/types';
import { encounterClass, flag, relative, type EntryChoice } from './entryChoices';

/** With `moment` a day and a time of day are asked for. */
export type EntryField = { name: 'detail' | 'day'; label: string; width: number; moment?: true };

/** The words of one step: what begins it, the button that confirms it around the name of the thing, and what is asked. */
export type StepWords = { action: string; confirm: string; tail: string; why: string };

export type KindWords = {
  section: Section;
  resourceType: string;
  /** `medicine`, in the middle of a sentence. */
  what: string;
  /** The name of its form. */
  add: string;
  /** The first word of the button that adds it. */
  verb: string;
  /** What is chosen before its words; null where nothing is. */
  choice: EntryChoice | null;
  /** The name of the field for its words; no entry is without them unless the choice says enough. */
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
    verb: 'Add',
    choice: null,
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
    verb: 'Add',
    choice: null,
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
    verb: 'Add',
    choice: null,
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
    verb: 'Add',
    choice: relative,
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
    verb: 'Add',
    choice: null,
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
    verb: 'Add',
    choice: null,
    text: 'Goal',
    coded: null,
    missing: 'Type what is to be reached',
    fields: [{ name: 'day', label: 'Until, like 2027-03', width: 120 }],
    end: { action: 'Reached', confirm: 'Mark', tail: 'as reached ', why: 'How it was reached, if there is more to say' },
    ended: ['completed', 'cancelled', 'rejected'],
    caution: '',
  },
  flag: {
    section: 'flags',
    coded: null,
    resourceType: 'Flag',
    what: 'flag',
    add: 'Set a flag',
    verb: 'Set',
    choice: flag,
    text: 'In words',
    missing: 'Type what the flag says',
    fields: [{ name: 'day', label: 'Since, today if empty', width: 140 }],
    end: { action: 'End', confirm: 'End', tail: '', why: 'Why it ends' },
    ended: ['inactive'],
    caution: ' A flag reminds: it is no order. Code status is set as it was ordered.',
  },
  encounter: {
    section: 'encounters',
    coded: null,
    resourceType: 'Encounter',
    what: 'encounter',
    add: 'Open an encounter',
    verb: 'Open',
    choice: encounterClass,
    text: 'Reason',
    missing: 'Type why the patient is here',
    fields: [{ name: 'day', label: 'Begun, now if empty', width: 190, moment: true }],
    end: { action: 'Close', confirm: 'Close', tail: '', why: 'What there is to say about its end' },
    ended: ['finished', 'cancelled', 'planned', 'unknown', 'Not known'],
    caution: ' Whoever opens it takes part in it.',
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

const going = new Set(['arrived', 'triaged', 'in-progress', 'onleave']);

/** Whether an encounter goes on (FHIR R4 EncounterStatus). */
export const goesOn = (status: string) => going.has(status);

/** What can be done with an entry that stands so, with its words. */
export function stepsOf(kind: EntryKind, status: string): [EntryStep, StepWords][] {
  const { end, ended } = entryKinds[kind];
  const steps: [EntryStep, StepWords][] = [['enter-in-error', mistake]];
  return end === null || ended.includes(bare(status)) ? steps : [['end', end], ...steps];
}
