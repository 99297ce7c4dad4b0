import { describe, expect, it } from 'vitest';
import { birthDateWords, readBirthDate } from './birthDate';

const today = '2026-11-29';

describe('a birth date', () => {
  it.each([
    ['1961-02-03', '1961-02-03'],
    [' 03-Feb-1961 ', '1961-02-03'],
    ['3 February 1961', '1961-02-03'],
    ['February 3, 1961', '1961-02-03'],
    ['14.07.1945', '1945-07-14'],
    ['14/7/1945', '1945-07-14'],
    ['07/14/1945', '1945-07-14'],
    ['19450714', '1945-07-14'],
    ['14071945', '1945-07-14'],
    ['3.3.1961', '1961-03-03'],
    ['29-Feb-2024', '2024-02-29'],
    ['1961-02', '1961-02'],
    ['Feb 1961', '1961-02'],
    ['1961', '1961'],
    ['', ''],
  ])('%s is %s', (typed, date) => {
    expect(readBirthDate(typed, today)).toEqual({ date });
  });

  it.each(['3.2.1961', '03/02/1961', '03021961'])('%s could be two days and is refused with both', (typed) => {
    expect(readBirthDate(typed, today)).toEqual({
      mistake: `${typed} can be 03-Feb-1961 or 02-Mar-1961. Write the month as a word, or the year first: 1961-02-03`,
      dates: ['1961-02-03', '1961-03-02'],
    });
  });

  it.each(['31-Feb-1945', '29.2.2023', '1-2', 'yesterday', '3.2.61', '1961-13-01', '99999999'])('%s is none', (typed) => {
    expect(readBirthDate(typed, today)).toMatchObject({ dates: [], mistake: expect.stringContaining('This is no date') as string });
  });

  it('is neither to come nor longer ago than anybody lives', () => {
    expect(readBirthDate('2026-11-29', today), 'today').toEqual({ date: '2026-11-29' });
    expect(readBirthDate('2026-11-30', today)).toMatchObject({ mistake: '30-Nov-2026 is still to come' });
    expect(readBirthDate('2027', today)).toMatchObject({ mistake: '2027 is still to come' });
    expect(readBirthDate('1061-02-03', today)).toMatchObject({ mistake: '03-Feb-1061: nobody who lives was born before 1880' });
  });

  it('is said as the lists say it', () => {
    expect(['1961-02-03', '1961-02', '1961', ''].map(birthDateWords)).toEqual(['03-Feb-1961', 'Feb-1961', '1961', '']);
  });
});
