import { describe, expect, it } from 'vitest';
import { dayWords, shortMoment } from '@/lib/day';
import { birthDateWords, readBirthDate } from '@/lib/birthDate';
import { codeWords } from './codeWords';
import { inside, speak } from './language';
import { longMoment, moment } from './moment';
import { either, listed, number } from './number';
import { pseudo } from './pseudo';

describe('days and times', () => {
  it('are those of the core in English', () => {
    for (const text of ['14-Jul-1945', '21-Nov-2026 10:42:07', 'Mar-1998', '1998', 'Not known', 'since 24-Nov-2026 08:10']) expect(moment(text)).toBe(text);
    expect(dayWords('2026-11-29')).toBe('Sunday 29-Nov-2026');
  });

  it('have the month as a word in German, and nothing but dates is changed', async () => {
    await speak('de');
    expect(moment('14-Jul-1945')).toBe('14. Jul 1945');
    expect(moment('02-May-2026 09:05')).toBe('2. Mai 2026 09:05');
    expect(moment('Mar-1998')).toBe('Mär 1998');
    expect(moment('1998')).toBe('1998');
    expect(moment('since 24-Dec-2026 08:10')).toBe('seit 24. Dez 2026 08:10');
    expect(moment('Not known')).toBe('Nicht bekannt');
    expect(longMoment('14-Mar-1945')).toBe('14. März 1945');
    expect(moment('May, Anna')).toBe('May, Anna');
    expect(dayWords('2026-11-29')).toBe('Sonntag 29. Nov 2026');
    expect(shortMoment('21-Oct-2026 10:42', '2026-11-29')).toBe('21. Okt 10:42');
    expect(shortMoment('29-Nov-2026 10:42', '2026-11-29')).toBe('10:42');
    expect(birthDateWords('1961-12-03')).toBe('3. Dez 1961');
  });

  it('are read with the months of both languages', () => {
    for (const text of ['03-Dez-1961', '3 Dezember 1961', '03-Dec-1961']) expect(readBirthDate(text)).toEqual({ date: '1961-12-03' });
    expect(readBirthDate('3 März 1961')).toEqual({ date: '1961-03-03' });
  });
});

describe('numbers and lists', () => {
  it('are of the language', async () => {
    expect([number(1204), listed(['a', 'b', 'c']), either(['a', 'b'])]).toEqual(['1,204', 'a, b and c', 'a or b']);
    await speak('de');
    expect([number(1204), listed(['a', 'b', 'c']), either(['a', 'b'])]).toEqual(['1.204', 'a, b und c', 'a oder b']);
  });
});

describe('codes and names', () => {
  it('are words of the language; what is of no closed vocabulary stays', async () => {
    expect(codeWords('entered-in-error')).toBe('entered in error');
    expect(inside('Vital signs')).toBe('vital signs');
    await speak('de');
    expect(codeWords('entered-in-error')).toBe('Fehleintrag');
    expect(codeWords('some-local-code')).toBe('some local code');
    expect(inside('Vitalzeichen')).toBe('Vitalzeichen');
  });
});

describe('the invented language', () => {
  it('is longer, accented, and keeps arguments and elements', () => {
    expect(pseudo(['Locks in ', ['seconds'], ' s <0>x</0>'])).toEqual(['Lóçkš íñ ', ['seconds'], ' š <0>x</0>', ' ñññññññ']);
  });
});
