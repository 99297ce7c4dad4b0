// The kinds of entries that are written in words: the page of each, its fields in their order, and how it ends.
import { t } from '@lingui/core/macro';
import type { CodedKind, EntryKind, EntryStep, Section } from '@/api/types';
import { encounterClass, flag, relative, social, type EntryChoice } from './entryChoices';

/** With `moment` a day and a time of day are asked for; `changed` is its name where it is changed, if that is another one. */
export type EntryField = { name: 'detail' | 'day' | 'udi'; label: string; changed?: string; width: number; moment?: true };

/** The words of one step: what begins it, the button that confirms it for this kind of thing and this patient, and what is asked. */
export type StepWords = { action: string; button: (what: string, name: string) => string; why: string };

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
  /** The only choice that its words are asked for; undefined where they always are. */
  textFor?: string;
  /** Said when its detail is empty although the choice does not say enough; undefined where it may be. */
  detailMissing?: string;
  /** What its code is chosen for; null for what is written in words alone. */
  coded: CodedKind | null;
  /** Said when that field is empty. */
  missing: string;
  /** The fields that it has besides its name and its note, in the order of typing. */
  fields: readonly EntryField[];
  /** What of it can be changed; undefined where nothing is. */
  edits?: readonly ('text' | 'detail' | 'day')[];
  /** How it ends; a mistake and no more for what is over when it is written. */
  end: StepWords | null;
  /** The statuses in which it has ended already. */
  ended: readonly string[];
  /** How it goes on again; undefined where it does not. */
  resume?: StepWords;
  /** What whoever writes it has to know besides that it is not coded. */
  caution: string;
};

export const entryKinds: Record<EntryKind, KindWords> = {
  medicine: {
    section: 'medications',
    resourceType: 'MedicationStatement',
    get what() { return t`medicine`; },
    get add() { return t`Add a medicine`; },
    get verb() { return t`Add`; },
    choice: null,
    get text() { return t`Medicine`; },
    coded: 'medicine',
    get missing() { return t`Type which medicine it is`; },
    fields: [
      { name: 'detail', get label() { return t`Dosage, like 500 mg twice a day`; }, width: 210 },
      { name: 'day', get label() { return t`Since, like 2019-05`; }, width: 120 },
    ],
    edits: ['text', 'detail', 'day'],
    end: { get action() { return t`Stop`; }, button: (what, name) => t`Stop this ${what} for ${name}`, get why() { return t`Why it is stopped`; } },
    ended: ['stopped', 'completed', 'not-taken'],
    get caution() { return t`A statement of what is taken, not a prescription; it is not checked against allergies or other medicines.`; },
  },
  immunization: {
    section: 'immunizations',
    resourceType: 'Immunization',
    get what() { return t`immunization`; },
    get add() { return t`Add an immunization`; },
    get verb() { return t`Add`; },
    choice: null,
    get text() { return t`Vaccine`; },
    coded: 'immunization',
    get missing() { return t`Type which vaccine it is`; },
    fields: [
      { name: 'day', get label() { return t`Given, like 2019-05-03`; }, width: 130 },
      { name: 'detail', get label() { return t`Lot number`; }, width: 120 },
    ],
    edits: ['text', 'detail', 'day'],
    end: null,
    ended: [],
    caution: '',
  },
  procedure: {
    section: 'procedures',
    resourceType: 'Procedure',
    get what() { return t`procedure`; },
    get add() { return t`Add a procedure`; },
    get verb() { return t`Add`; },
    choice: null,
    get text() { return t`Procedure`; },
    coded: 'procedure',
    get missing() { return t`Type what was done`; },
    fields: [
      { name: 'detail', get label() { return t`Site`; }, width: 150 },
      { name: 'day', get label() { return t`When, like 2019-05`; }, width: 120 },
    ],
    edits: ['text', 'detail', 'day'],
    end: null,
    ended: [],
    caution: '',
  },
  'family-history': {
    section: 'family-history',
    resourceType: 'FamilyMemberHistory',
    get what() { return t`family history`; },
    get add() { return t`Add family history`; },
    get verb() { return t`Add`; },
    choice: relative,
    get text() { return t`What the relative had`; },
    coded: null,
    get missing() { return t`Type what the relative had`; },
    fields: [{ name: 'detail', get label() { return t`At what age, like 55`; }, width: 120 }],
    edits: ['text', 'detail'],
    end: null,
    ended: [],
    caution: '',
  },
  device: {
    section: 'devices',
    resourceType: 'Device',
    get what() { return t`device`; },
    get add() { return t`Add a device`; },
    get verb() { return t`Add`; },
    choice: null,
    get text() { return t`Device`; },
    coded: null,
    get missing() { return t`Type which device it is`; },
    fields: [
      { name: 'udi', get label() { return t`UDI, typed or scanned`; }, width: 330 },
      { name: 'detail', get label() { return t`Serial number`; }, width: 130 },
      { name: 'day', get label() { return t`Made, like 2019-05`; }, width: 120 },
    ],
    edits: ['text', 'detail', 'day'],
    end: { get action() { return t`Take out of use`; }, button: (what, name) => t`Take this ${what} out of use for ${name}`, get why() { return t`Why it is taken out of use`; } },
    ended: ['inactive'],
    resume: { get action() { return t`In use again`; }, button: (what, name) => t`Put this ${what} in use again for ${name}`, get why() { return t`Why it is in use again`; } },
    get caution() { return t`A UDI is taken apart: lot, serial number and days are read from it.`; },
  },
  goal: {
    section: 'care-plans',
    resourceType: 'Goal',
    get what() { return t`goal`; },
    get add() { return t`Add a goal`; },
    get verb() { return t`Add`; },
    choice: null,
    get text() { return t`Goal`; },
    coded: null,
    get missing() { return t`Type what is to be reached`; },
    fields: [{ name: 'day', get label() { return t`Until, like 2027-03`; }, width: 120 }],
    edits: ['text', 'day'],
    end: { get action() { return t`Reached`; }, button: (what, name) => t`Mark this ${what} as reached for ${name}`, get why() { return t`How it was reached, if there is more to say`; } },
    ended: ['completed', 'cancelled', 'rejected'],
    caution: '',
  },
  flag: {
    section: 'flags',
    coded: null,
    resourceType: 'Flag',
    get what() { return t`flag`; },
    get add() { return t`Set a flag`; },
    get verb() { return t`Set`; },
    choice: flag,
    get text() { return t`In words`; },
    get missing() { return t`Type what the flag says`; },
    fields: [{ name: 'day', get label() { return t`Since, today if empty`; }, get changed() { return t`Since`; }, width: 140 }],
    edits: ['text', 'day'],
    end: { get action() { return t`End`; }, button: (what, name) => t`End this ${what} for ${name}`, get why() { return t`Why it ends`; } },
    ended: ['inactive'],
    get caution() { return t`A flag reminds: it is no order. Code status is set as it was ordered.`; },
  },
  encounter: {
    section: 'encounters',
    coded: null,
    resourceType: 'Encounter',
    get what() { return t`encounter`; },
    get add() { return t`Open an encounter`; },
    get verb() { return t`Open`; },
    choice: encounterClass,
    get text() { return t`Reason`; },
    get missing() { return t`Type why the patient is here`; },
    fields: [{ name: 'day', get label() { return t`Begun, now if empty`; }, width: 190, moment: true }],
    end: { get action() { return t`Close`; }, button: (what, name) => t`Close this ${what} for ${name}`, get why() { return t`What there is to say about its end`; } },
    ended: ['finished', 'cancelled', 'planned', 'unknown', 'Not known'],
    get caution() { return t`Whoever opens it takes part in it, but at the front desk, where it is with whom is named.`; },
  },
  'social-history': {
    section: 'social-history',
    coded: 'observation',
    resourceType: 'Observation',
    get what() { return t`observation`; },
    get add() { return t`Add to the social history`; },
    get verb() { return t`Add`; },
    choice: social,
    get text() { return t`What is observed`; },
    textFor: 'other',
    get missing() { return t`Type what is observed`; },
    get detailMissing() { return t`Type what was found`; },
    fields: [
      { name: 'detail', get label() { return t`Finding`; }, width: 260 },
      { name: 'day', get label() { return t`As of, today if empty`; }, get changed() { return t`As of`; }, width: 140 },
    ],
    edits: ['detail', 'day'],
    end: null,
    ended: [],
    caution: '',
  },
  'care-team-member': {
    section: 'care-team',
    coded: null,
    resourceType: 'CareTeam',
    get what() { return t`member`; },
    get add() { return t`Add to the care team`; },
    get verb() { return t`Add`; },
    choice: null,
    get text() { return t`Name`; },
    get missing() { return t`Type who it is`; },
    fields: [
      { name: 'detail', get label() { return t`Role`; }, width: 170 },
      { name: 'day', get label() { return t`Since, today if empty`; }, get changed() { return t`Since`; }, width: 140 },
    ],
    edits: ['detail', 'day'],
    end: { get action() { return t`End`; }, button: (what, name) => t`End this ${what} for ${name}`, get why() { return t`Why it ends`; } },
    ended: ['inactive', 'left', 'suspended'],
    caution: '',
  },
};

const edit: StepWords = { get action() { return t`Change`; }, button: (what, name) => t`Change this ${what} for ${name}`, get why() { return t`Why it changes, if there is more to say`; } };
const mistake: StepWords = { get action() { return t`Entered in error`; }, button: (what, name) => t`Mark this ${what} as entered in error for ${name}`, get why() { return t`What went wrong`; } };

const kinds = Object.keys(entryKinds) as EntryKind[];

/** Kinds whose form asks for something that the others do not. */
const ownForm: readonly EntryKind[] = ['care-team-member'];

/** The kind that is written on this page; null for a page that has a form of its own, or none. */
export const kindOn = (section: Section): EntryKind | null => kinds.find((kind) => entryKinds[kind].section === section && !ownForm.includes(kind)) ?? null;

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
  const { edits, end, ended, resume } = entryKinds[kind];
  const steps: [EntryStep, StepWords][] = [];
  if (edits !== undefined) steps.push(['edit', edit]);
  if (end !== null && !ended.includes(bare(status))) steps.push(['end', end]);
  if (resume !== undefined && ended.includes(bare(status))) steps.push(['resume', resume]);
  return [...steps, ['enter-in-error', mistake]];
}
