import { describe, expect, it } from 'vitest';
import { activity, incidents } from '@/api/mockFleetScene';
import { countTicks, tickHours, timeTicks } from './scale';
import { slotsOf } from './slots';
import { watched } from './watch';

const HOUR = 3600;
const [snooping, , again] = incidents();

describe('scales', () => {
  it('count in whole numbers from nought', () => {
    expect(countTicks(0)).toEqual([0, 1]);
    expect(countTicks(3)).toEqual([0, 1, 2, 3]);
    expect(countTicks(41)).toEqual([0, 20, 40, 60]);
    expect(countTicks(280)).toEqual([0, 100, 200, 300]);
  });

  it('have ticks at whole hours and days, few enough', () => {
    expect(tickHours(24 * HOUR, 7)).toBe(6);
    expect(tickHours(7 * 24 * HOUR, 7)).toBe(24);
    expect(tickHours(30 * 24 * HOUR, 7)).toBe(120);
    const noon = new Date(2026, 10, 21, 12, 20).getTime() / 1000;
    const ticks = timeTicks(noon, noon + 24 * HOUR, 7);
    expect(ticks.map((tick) => tick.lines.join(' '))).toEqual(['18:00 21-Nov-2026', '00:00 22-Nov-2026', '06:00', '12:00']);
  });
});

describe('what a rule watched', () => {
  it('counts each patient once within the window, and leaves out what is explained', () => {
    const watch = watched(snooping!);
    expect(watch?.counted.at(-1)).toEqual({ at: snooping!.openedEpoch, count: 41 });
    expect(watch?.limit).toBe(36);
    expect(watch?.usual).toBe(12);
    expect(watch?.slots.reduce((sum, slot) => sum + slot.events, 0), 'every access is in one hour').toBe(snooping!.events.length);
    expect(Math.max(...watch!.slots.map((slot) => slot.most))).toBe(41);
  });

  it('draws no limit of patients for whom no patient is shown', () => {
    const events = snooping!.events.map((event) => ({ ...event, patientId: null, patient: null }));
    expect(watched({ ...snooping!, events })?.limit).toBeNull();
  });

  it('is drawn by days where the window is long', () => {
    expect(watched(again!)?.slots.every((slot) => slot.length === 24 * HOUR)).toBe(true);
  });

  it('has no course where nothing is counted over time', () => {
    const row = { ...snooping!.row, figures: { count: 1, limit: 0, usual: null, windowSeconds: 0 } };
    expect(watched({ ...snooping!, row })).toBeNull();
  });
});

describe('the accesses of a period', () => {
  it('are drawn by hours, and by days where hours would be too many', () => {
    expect(slotsOf(activity('week')).slots).toHaveLength(169);
    const month = activity('month');
    const { slots } = slotsOf(month);
    expect(slots).toHaveLength(31);
    expect(slots.reduce((sum, slot) => sum + slot.accesses, 0), 'none is lost').toBe(month.accesses);
  });
});
