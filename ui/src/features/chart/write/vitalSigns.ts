// The vital signs that can be written, in the order of the line, and how each is typed. The core has the last word on every value.
import { t } from '@lingui/core/macro';
import type { VitalSign } from '@/api/types';
import { languageNow } from '@/lib/language/language';

export type Unit = { code: string; label: string };
export type Choice = { value: string; label: string };
/** `choices`: what it is chosen from, where it is no number; that has no units. */
export type Typed = { sign: VitalSign; label: string; like: string; width: number; units: readonly Unit[]; form: RegExp; choices?: readonly Choice[] };

const whole = /^\d{1,4}$/;
/** The scale ACVPU; a letter on the keyboard picks its level. */
const levels = [
  { value: 'A', get label() { return t`Alert`; } },
  { value: 'C', get label() { return t`Confusion, new`; } },
  { value: 'V', get label() { return t`Voice`; } },
  { value: 'P', get label() { return t`Pain`; } },
  { value: 'U', get label() { return t`Unresponsive`; } },
];
const decimal = /^\d{1,4}(\.\d{1,2})?$/;

export const vitalSigns: readonly Typed[] = [
  { sign: 'blood-pressure', get label() { return t`Blood pressure`; }, like: '120/80', width: 84, units: [{ code: 'mm[Hg]', label: 'mmHg' }], form: /^\d{1,4}\/\d{1,4}$/ },
  { sign: 'heart-rate', get label() { return t`Pulse`; }, like: '72', width: 52, units: [{ code: '/min', label: '/min' }], form: whole },
  { sign: 'respiratory-rate', get label() { return t`Respiration`; }, like: '16', width: 52, units: [{ code: '/min', label: '/min' }], form: whole },
  { sign: 'body-temperature', get label() { return t`Temperature`; }, like: '36.8', width: 60, units: [{ code: 'Cel', label: '°C' }, { code: '[degF]', label: '°F' }], form: decimal },
  { sign: 'oxygen-saturation', label: 'SpO2', like: '97', width: 52, units: [{ code: '%', label: '%' }], form: decimal },
  { sign: 'inhaled-oxygen', get label() { return t`Oxygen, 0 is air`; }, like: '2', width: 52, units: [{ code: 'L/min', label: 'L/min' }], form: decimal },
  { sign: 'consciousness', get label() { return t`Responds (ACVPU)`; }, like: 'A', width: 132, units: [], form: /^[ACVPU]$/, choices: levels },
  { sign: 'body-weight', get label() { return t`Weight`; }, like: '70.5', width: 64, units: [{ code: 'kg', label: 'kg' }, { code: '[lb_av]', label: 'lb' }], form: decimal },
  { sign: 'body-height', get label() { return t`Height`; }, like: '172', width: 64, units: [{ code: 'cm', label: 'cm' }, { code: '[in_i]', label: 'in' }], form: decimal },
];

/**
 * White space around the slash of a blood pressure is no mistake. In German nor is a decimal comma before one or two digits, which can mean nothing
 * else: `36,8` is 36.8. The core takes the point alone, and every value is shown with it.
 */
export function trimmed(value: string): string {
  const text = value.trim().replace(/\s*\/\s*/, '/');
  return languageNow() === 'de' ? text.replace(/^(\d{1,4}),(\d{1,2})$/, '$1.$2') : text;
}

/** What is wrong with how it is typed; undefined when nothing is. */
export function mistakeOf(typed: Typed, value: string): string | undefined {
  return typed.form.test(value) ? undefined : t`${typed.label}: write it like ${typed.like}`;
}
