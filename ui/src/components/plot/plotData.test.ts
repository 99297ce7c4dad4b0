import { describe, expect, it } from 'vitest';
import type { SeriesPoint, SeriesView } from '@/api/types';
import { lastDays, nearestPoint, plotData, tickText, verticalRange } from './plotData';
import { sparklinePlaces } from './Sparkline';
import { symbolOf } from './symbols';

const DAY = 86_400;
const point = (day: number, ...values: (number | null)[]): SeriesPoint => ({
  id: `o${day}`,
  when: { iso: '', text: '' },
  epochSeconds: day * DAY,
  values,
  text: String(values[0]),
  flag: 'none',
  range: '',
  status: 'final', version: 1, replacement: '',
});
const series = (points: SeriesPoint[], change: Partial<SeriesView> = {}): SeriesView => ({
  name: 'Invented',
  code: '',
  unit: 'u',
  lines: points[0]?.values.map((_, at) => `line ${at}`) ?? [''],
  points,
  rangeLow: null,
  rangeHigh: null,
  rangeSource: '', vitalSign: null, growth: null,
  ...change,
});

describe('what is plotted', () => {
  it('stands at its true time, not at equal steps', () => {
    expect(plotData(series([point(0, 1), point(1, 2), point(3, 3)])).columns[0]).toEqual([0, DAY, 3 * DAY]);
  });

  it('breaks the line in a pause much longer than the usual one', () => {
    const { columns } = plotData(series([point(0, 1), point(1, 2), point(2, 3), point(3, 4), point(100, 5)]));
    expect(columns[1], 'an empty moment in the pause breaks the line').toEqual([1, 2, 3, 4, null, 5]);
  });

  it('breaks the line where a moment has no number', () => {
    expect(plotData(series([point(0, 1), point(1, null), point(2, 3)])).columns[1]).toEqual([1, null, 3]);
  });

  it('keeps systolic and diastolic apart (GTAB-028)', () => {
    expect(plotData(series([point(0, 9, 5), point(1, 8, 4)])).columns.slice(1)).toEqual([[9, 8], [5, 4]]);
  });

  it('has the whole reference range inside its scale', () => {
    const [low, high] = verticalRange(series([point(0, 5)], { rangeLow: 2, rangeHigh: 9 }));
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(9);
  });

  it('has a scale for one value and for none', () => {
    expect(verticalRange(series([point(0, 5)]))[0]).toBeLessThan(5);
    expect(verticalRange(series([]))).toEqual([0, 1]);
  });

  it('finds the value nearest to the pointer', () => {
    expect(nearestPoint([point(0, 1), point(10, 2)], 6 * DAY)).toBe(1);
    expect(nearestPoint([], 0)).toBe(-1);
  });

  it('shows the last days before the latest value', () => {
    expect(lastDays(series([point(0, 1), point(80, 2), point(100, 3)]), 90).points).toHaveLength(2);
  });

  it('writes dates as DD-Mmm-YYYY and the hour in 24 h only where ticks are close', () => {
    const noon = new Date(2026, 10, 21, 14, 5).getTime() / 1000;
    expect(tickText(noon, 30 * DAY)).toBe('21-Nov-2026');
    expect(tickText(noon, 3600)).toBe('14:05\n21-Nov-2026');
  });

  it('gives each line a symbol of its own (GTAB-002, 006)', () => {
    expect([symbolOf(0, 1), symbolOf(0, 2), symbolOf(1, 2)]).toEqual(['circle', 'down', 'up']);
  });

  it('draws a flat sparkline through the middle', () => {
    expect(new Set(sparklinePlaces([4, 4, 4]).map((place) => place.y))).toEqual(new Set([9]));
  });
});
