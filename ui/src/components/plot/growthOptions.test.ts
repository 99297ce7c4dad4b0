import { describe, expect, it } from 'vitest';
import { childWeight } from '@/api/mockGrowth';
import { growthData, nearestAge, stroke, valueRange } from './growthOptions';

const standards = childWeight().growth?.standards ?? [];
const colours = { text: 'text', quiet: 'quiet' };

describe.each(standards)('the growth chart of $name', (standard) => {
  it('has one row of values for each curve', () => {
    const [months, ...curves] = growthData(standard);
    expect(curves).toHaveLength(standard.curves.length);
    for (const curve of curves) expect(curve).toHaveLength(months.length);
  });

  it('tells the median and the outermost curves apart without colour', () => {
    const strokes = standard.curves.map((_, at) => stroke(standard, at, colours));
    expect(strokes.filter((one) => one.width === 2)).toHaveLength(1);
    expect(strokes.filter((one) => 'dash' in one)).toHaveLength(2);
  });

  it('has every value and curve inside its scale', () => {
    const [low, high] = valueRange(standard);
    for (const value of [...standard.points.map((point) => point.value), ...standard.curves.flatMap((curve) => curve.values)]) {
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
    }
  });

  it('finds the value nearest to the pointer', () => {
    expect(nearestAge(standard, 108)).toBe(standard.points.length - 1);
    expect(nearestAge(standard, -5)).toBe(0);
    expect(nearestAge({ ...standard, points: [] }, 5)).toBe(-1);
  });
});
