import { expect, it } from 'vitest';
import { dayOf, dayWords, later, shortMoment } from './day';

it('steps over the ends of months and years', () => {
  expect(later('2026-02-28', 1)).toBe('2026-03-01');
  expect(later('2027-01-01', -1)).toBe('2026-12-31');
  expect(later('2026-11-29', 7)).toBe('2026-12-06');
});

it('writes a day as the rest of the program does', () => {
  expect(dayWords('2026-11-29')).toBe('Sunday 29-Nov-2026');
  expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});

it('leaves of a moment what today says already', () => {
  expect(shortMoment('29-Nov-2026 10:42', '2026-11-29')).toBe('10:42');
  expect(shortMoment('28-Nov-2026 10:42', '2026-11-29')).toBe('28-Nov 10:42');
  expect(shortMoment('29-Nov-2025 10:42', '2026-11-29')).toBe('29-Nov-2025 10:42');
  expect(shortMoment('not known', '2026-11-29'), 'no moment stays as it is').toBe('not known');
  expect(shortMoment('long ago', 'no day')).toBe('long ago');
});
