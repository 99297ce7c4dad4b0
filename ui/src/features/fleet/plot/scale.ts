// Scales of the fleet's plots: counts from nought, and true time with ticks at hours and days of this machine.
import { tickText } from '@/components/plot/plotData';

const HOUR = 3600;

/** Ticks of an axis of counts: whole numbers from nought, at most five, the last one at or above `most`. */
export function countTicks(most: number): number[] {
  const rough = Math.max(most, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power * 10);
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < Math.max(most, 1)) ticks.push((ticks.at(-1) ?? 0) + step);
  return ticks;
}

/** Hours between two ticks of time, so that no more than `most` stand beside each other. */
export function tickHours(seconds: number, most: number): number {
  const hours = seconds / HOUR;
  return [1, 3, 6, 12, 24, 48, 120, 240].find((step) => hours / step <= most) ?? 24 * Math.ceil(hours / 24 / most);
}

/** The day is said where it begins, and at the first tick. */
export type TimeTick = { at: number; lines: string[] };

/** Ticks at whole hours or days, in seconds since 1970. */
export function timeTicks(from: number, until: number, most: number): TimeTick[] {
  const step = tickHours(until - from, most);
  const begin = new Date(from * 1000);
  const ticks: TimeTick[] = [];
  for (let at = 0; ; at += 1) {
    // By the calendar, so that a change of summer time moves no tick off its hour.
    const moment = new Date(begin.getFullYear(), begin.getMonth(), begin.getDate(), at * step).getTime() / 1000;
    if (moment > until) return ticks;
    if (moment < from) continue;
    const [text = '', day] = tickText(moment, step * HOUR).split('\n');
    const first = ticks.length === 0 || new Date(moment * 1000).getDate() !== new Date((ticks.at(-1)?.at ?? 0) * 1000).getDate();
    ticks.push({ at: moment, lines: day !== undefined && first ? [text, day] : [text] });
  }
}
