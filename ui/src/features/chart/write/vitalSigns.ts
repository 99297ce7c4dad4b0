// The vital signs that can be written, in the order of the line, and how each is typed. The core has the last word on every value.
import type { VitalSign } from '@/api/types';

export type Unit = { code: string; label: string };
export type Typed = { sign: VitalSign; label: string; like: string; width: number; units: readonly [Unit, ...Unit[]]; form: RegExp };

const whole = /^\d{1,4}$/;
const decimal = /^\d{1,4}(\.\d{1,2})?$/;

export const vitalSigns: readonly Typed[] = [
  { sign: 'blood-pressure', label: 'Blood pressure', like: '120/80', width: 84, units: [{ code: 'mm[Hg]', label: 'mmHg' }], form: /^\d{1,4}\/\d{1,4}$/ },
  { sign: 'heart-rate', label: 'Pulse', like: '72', width: 52, units: [{ code: '/min', label: '/min' }], form: whole },
  { sign: 'respiratory-rate', label: 'Respiration', like: '16', width: 52, units: [{ code: '/min', label: '/min' }], form: whole },
  { sign: 'body-temperature', label: 'Temperature', like: '36.8', width: 60, units: [{ code: 'Cel', label: '°C' }, { code: '[degF]', label: '°F' }], form: decimal },
  { sign: 'oxygen-saturation', label: 'SpO2', like: '97', width: 52, units: [{ code: '%', label: '%' }], form: decimal },
  { sign: 'body-weight', label: 'Weight', like: '70.5', width: 64, units: [{ code: 'kg', label: 'kg' }, { code: '[lb_av]', label: 'lb' }], form: decimal },
  { sign: 'body-height', label: 'Height', like: '172', width: 64, units: [{ code: 'cm', label: 'cm' }, { code: '[in_i]', label: 'in' }], form: decimal },
];

/** White space around the slash of a blood pressure is no mistake. */
export const trimmed = (value: string) => value.trim().replace(/\s*\/\s*/, '/');

/** What is wrong with how it is typed; undefined when nothing is. */
export function mistakeOf(typed: Typed, value: string): string | undefined {
  return typed.form.test(value) ? undefined : `${typed.label}: write it like ${typed.like}`;
}
