// A birth date as it is typed, in the notations that the search takes (crates/workstation/src/index/birth_date.rs). What could be two days
// is refused: the search looks for both, a record has one.
import { t } from '@lingui/core/macro';
import { either } from './language/number';
import { dayOf } from './day';
import { coreMonths, moment, monthIndex } from './language/moment';

/** `1961-02-03`, `1961-02`, `1961` or nothing; or what is wrong with the text, and the dates that it can mean all the same. */
export type BirthDate = { date: string } | { mistake: string; dates: string[] };

/** The core takes none from before it. */
const earliest = '1880';
const like = () => t`Write it like 1961-02-03 or 03-Feb-1961; 1961-02 or 1961 if that is all that is known`;

export function readBirthDate(text: string, today = dayOf(new Date())): BirthDate {
  const dates = readings(text.trim());
  const [date] = dates;
  if (text.trim() === '') return { date: '' };
  if (date === undefined) return { mistake: t`This is no date. ${like()}`, dates };
  if (dates.length > 1) return { mistake: t`${text.trim()} can be ${either(dates.map(birthDateWords))}. Write the month as a word, or the year first: ${date}`, dates };
  if (date > today.slice(0, date.length)) return { mistake: t`${birthDateWords(date)} is still to come`, dates };
  if (date < earliest) return { mistake: t`${birthDateWords(date)}: nobody who lives was born before ${earliest}`, dates };
  return { date };
}

/** `03-Feb-1961`, `Feb-1961`, `1961`. */
export function birthDateWords(date: string): string {
  const [year = '', month, day] = date.split('-');
  const parts = [day, month === undefined ? undefined : coreMonths[Number(month) - 1], year];
  return moment(parts.filter((part) => part !== undefined).join('-'));
}

/** Every date that the text can mean. */
function readings(text: string): string[] {
  const parts = text.split(/[-/., ]+/).filter((part) => part !== '');
  const [first = '', second = '', third = ''] = parts;
  const found =
    parts.length === 1 ? solid(first)
    : parts.length === 2 ? [/^\d{4}$/.test(first) ? monthOf(first, second) : monthOf(second, first)]
    : parts.length === 3 ? (/^\d{4}$/.test(first) ? [day(first, second, third)] : [day(third, second, first), day(third, first, second)])
    : [];
  return [...new Set(found.filter((one) => one !== null))];
}

/** `1961`, `19610203`, `03021961`. */
function solid(digits: string): (string | null)[] {
  if (/^\d{4}$/.test(digits)) return [digits];
  if (!/^\d{8}$/.test(digits)) return [];
  const at = (from: number, to: number) => digits.slice(from, to);
  const plausible = (year: string) => (year >= '1800' && year <= '2200' ? year : '');
  return [day(plausible(at(0, 4)), at(4, 6), at(6, 8)), day(plausible(at(4, 8)), at(2, 4), at(0, 2)), day(plausible(at(4, 8)), at(0, 2), at(2, 4))];
}

function monthOf(year: string, month: string): string | null {
  const number = monthNumber(month);
  return /^\d{4}$/.test(year) && number !== null ? `${year}-${number}` : null;
}

function day(year: string, month: string, date: string): string | null {
  const start = monthOf(year, month);
  if (start === null || !/^\d{1,2}$/.test(date)) return null;
  const whole = `${start}-${date.padStart(2, '0')}`;
  // The 31st of February would be a day of March.
  const noon = new Date(`${whole}T12:00:00Z`);
  return Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== whole ? null : whole;
}

function monthNumber(month: string): string | null {
  const number = /^\d{1,2}$/.test(month) ? Number(month) : monthIndex(month) + 1;
  return number >= 1 && number <= 12 ? String(number).padStart(2, '0') : null;
}
