// Days of the calendar on the wall, as `2026-11-29`.
import { t } from '@lingui/core/macro';
import { coreMonths as months, moment as inLanguage } from './language/moment';

const weekdays = () => [t`Sunday`, t`Monday`, t`Tuesday`, t`Wednesday`, t`Thursday`, t`Friday`, t`Saturday`];
const two = (number: number) => String(number).padStart(2, '0');

/** The day of a moment, where this workstation is. */
export function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** So many days later. */
export function later(day: string, days: number): string {
  const moment = noon(day);
  moment.setDate(moment.getDate() + days);
  return dayOf(moment);
}

/** `Sunday 29-Nov-2026`. */
export function dayWords(day: string): string {
  const moment = noon(day);
  return `${weekdays()[moment.getDay()] ?? ''} ${inLanguage(`${two(moment.getDate())}-${months[moment.getMonth()] ?? ''}-${moment.getFullYear()}`)}`;
}

/** A moment as the core writes it (`21-Nov-2026 10:42`), as short as today allows: `10:42`, `21-Nov 10:42` within the year. */
export function shortMoment(text: string, today: string): string {
  const [date = '', time] = text.split(' ');
  const [year = 1970, month = 1, day = 1] = today.split('-').map(Number);
  if (time === undefined) return inLanguage(text);
  if (date === `${two(day)}-${months[month - 1] ?? ''}-${year}`) return time;
  return inLanguage(date.endsWith(`-${year}`) ? `${date.slice(0, -5)} ${time}` : text);
}

/** Noon: no change of summer time moves it to another day. */
function noon(day: string): Date {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, 12);
}
