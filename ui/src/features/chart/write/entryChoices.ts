// What is chosen before the words of an entry: the relative, of what a flag warns, the class of an encounter.
import type { EncounterClass, FlagKind, Relative } from '@/api/types';

/** One of a list; `named` says enough by itself, so that words beside it are not needed. */
type Option<V extends string> = { value: V; label: string; named?: true };

/** The field of the request that it goes into. */
type Of<N extends string, V extends string> = { name: N; label: string; missing: string; options: readonly Option<V>[] };

export type EntryChoice = Of<'relative', Relative> | Of<'flag', FlagKind> | Of<'class', EncounterClass>;

export const relative: EntryChoice = {
  name: 'relative',
  label: 'Relative',
  missing: 'Choose which relative',
  options: [
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
  ],
};

export const flag: EntryChoice = {
  name: 'flag',
  label: 'Flag',
  missing: 'Choose of what the flag warns',
  options: [
    { value: 'fall-risk', label: 'Fall risk', named: true },
    { value: 'contact-isolation', label: 'Isolation: contact', named: true },
    { value: 'droplet-isolation', label: 'Isolation: droplet', named: true },
    { value: 'airborne-isolation', label: 'Isolation: airborne', named: true },
    { value: 'precaution', label: 'Other precaution' },
    { value: 'code-status', label: 'Code status' },
    { value: 'other', label: 'Other, clinical' },
  ],
};

/** HL7 v3 ActEncounterCode; the class of a row is named by the code's display. */
export const encounterClass: EntryChoice = {
  name: 'class',
  label: 'Class',
  missing: 'Choose the class of the encounter',
  options: [
    { value: 'ambulatory', label: 'Ambulatory', named: true },
    { value: 'emergency', label: 'Emergency', named: true },
    { value: 'inpatient', label: 'Inpatient', named: true },
    { value: 'home-health', label: 'Home health', named: true },
    { value: 'virtual', label: 'Virtual', named: true },
  ],
};

/** What the request says of a choice: each of its fields, those of other choices empty. */
export function chosen(choice: EntryChoice | null, value: string): { relative: Relative | null; flag: FlagKind | null; class: EncounterClass | null } {
  const of = <V extends string>(one: Of<string, V> | null): V | null => one?.options.find((option) => option.value === value)?.value ?? null;
  return {
    relative: of(choice?.name === 'relative' ? choice : null),
    flag: of(choice?.name === 'flag' ? choice : null),
    class: of(choice?.name === 'class' ? choice : null),
  };
}

/** Whether the words may be left empty. */
export const isNamed = (choice: EntryChoice | null, value: string): boolean => choice?.options.some((option) => option.value === value && option.named === true) ?? false;
