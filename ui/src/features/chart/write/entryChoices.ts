// What is chosen before the words of an entry: the relative, of what a flag warns, the class of an encounter, what of the social history.
import { t } from '@lingui/core/macro';
import type { EncounterClass, FlagKind, Relative, SocialTopic } from '@/api/types';

/** One of a list; `named` says enough by itself, so that words beside it are not needed; `found` says the finding too. */
type Option<V extends string> = { value: V; label: string; named?: true; found?: true };

/** The field of the request that it goes into. */
type Of<N extends string, V extends string> = { name: N; label: string; missing: string; options: readonly Option<V>[] };

export type EntryChoice = Of<'relative', Relative> | Of<'flag', FlagKind> | Of<'class', EncounterClass> | Of<'social', SocialTopic>;

export const relative: EntryChoice = {
  name: 'relative',
  get label() { return t`Relative`; },
  get missing() { return t`Choose which relative`; },
  options: [
    { value: 'mother', get label() { return t`Mother`; } },
    { value: 'father', get label() { return t`Father`; } },
    { value: 'sister', get label() { return t`Sister`; } },
    { value: 'brother', get label() { return t`Brother`; } },
    { value: 'daughter', get label() { return t`Daughter`; } },
    { value: 'son', get label() { return t`Son`; } },
    { value: 'grandmother', get label() { return t`Grandmother`; } },
    { value: 'grandfather', get label() { return t`Grandfather`; } },
    { value: 'aunt', get label() { return t`Aunt`; } },
    { value: 'uncle', get label() { return t`Uncle`; } },
  ],
};

export const flag: EntryChoice = {
  name: 'flag',
  get label() { return t`Flag`; },
  get missing() { return t`Choose of what the flag warns`; },
  options: [
    { value: 'fall-risk', get label() { return t`Fall risk`; }, named: true },
    { value: 'contact-isolation', get label() { return t`Isolation: contact`; }, named: true },
    { value: 'droplet-isolation', get label() { return t`Isolation: droplet`; }, named: true },
    { value: 'airborne-isolation', get label() { return t`Isolation: airborne`; }, named: true },
    { value: 'precaution', get label() { return t`Other precaution`; } },
    { value: 'code-status', get label() { return t`Code status`; } },
    { value: 'other', get label() { return t`Other, clinical`; } },
  ],
};

/** HL7 v3 ActEncounterCode; the class of a row is named by the code's display. */
export const encounterClass: EntryChoice = {
  name: 'class',
  get label() { return t`Class`; },
  get missing() { return t`Choose the class of the encounter`; },
  options: [
    { value: 'ambulatory', get label() { return t`Ambulatory`; }, named: true },
    { value: 'emergency', get label() { return t`Emergency`; }, named: true },
    { value: 'inpatient', get label() { return t`Inpatient`; }, named: true },
    { value: 'home-health', get label() { return t`Home health`; }, named: true },
    { value: 'virtual', get label() { return t`Virtual`; }, named: true },
  ],
};

/** The smoking statuses of US Core, in the words of its value set; then what is written in words. */
export const social: Of<'social', SocialTopic> = {
  name: 'social',
  get label() { return t`Of what`; },
  get missing() { return t`Choose what was observed`; },
  options: [
    { value: 'never-smoker', get label() { return t`Smoking: never`; }, named: true, found: true },
    { value: 'former-smoker', get label() { return t`Smoking: former`; }, named: true, found: true },
    { value: 'smokes-every-day', get label() { return t`Smoking: every day`; }, named: true, found: true },
    { value: 'smokes-some-days', get label() { return t`Smoking: some days`; }, named: true, found: true },
    { value: 'heavy-smoker', get label() { return t`Smoking: heavy`; }, named: true, found: true },
    { value: 'light-smoker', get label() { return t`Smoking: light`; }, named: true, found: true },
    { value: 'smoker-status-unknown', get label() { return t`Smoking: smoker, how much not known`; }, named: true, found: true },
    { value: 'unknown-if-ever-smoked', get label() { return t`Smoking: not known`; }, named: true, found: true },
    { value: 'electronic-cigarettes', get label() { return t`Electronic cigarettes`; }, named: true },
    { value: 'alcohol', get label() { return t`Alcohol`; }, named: true },
    { value: 'substances', get label() { return t`Other substances`; }, named: true },
    { value: 'occupation', get label() { return t`Occupation`; }, named: true },
    { value: 'other', get label() { return t`Something else`; } },
  ],
};

/** The smoking statuses alone, for a change from one to another. */
export const smoking = social.options.filter((option) => option.found);

/** What the request says of a choice: each of its fields, those of other choices empty. */
export function chosen(choice: EntryChoice | null, value: string): { relative: Relative | null; flag: FlagKind | null; class: EncounterClass | null; social: SocialTopic | null } {
  const of = <V extends string>(one: Of<string, V> | null): V | null => one?.options.find((option) => option.value === value)?.value ?? null;
  return {
    relative: of(choice?.name === 'relative' ? choice : null),
    flag: of(choice?.name === 'flag' ? choice : null),
    class: of(choice?.name === 'class' ? choice : null),
    social: of(choice?.name === 'social' ? choice : null),
  };
}

/** Whether the words may be left empty. */
export const isNamed = (choice: EntryChoice | null, value: string): boolean => choice?.options.some((option) => option.value === value && option.named === true) ?? false;

/** Whether the detail may be left empty. */
export const isFound = (choice: EntryChoice | null, value: string): boolean => choice?.options.some((option) => option.value === value && option.found === true) ?? false;
