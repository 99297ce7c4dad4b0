// From a series to what is drawn: a true time scale, and lines that break where the series does.
import { coreMonths, moment } from '@/lib/language/moment';
import type { SeriesPoint, SeriesView } from '@/api/types';

export type PlotData = {
  /** Seconds since 1970, then one row of values per line, as uPlot takes them. */
  columns: [number[], ...(number | null)[][]];
};

/** A pause this many times longer than the usual one breaks the line: nothing is known about what lies between. */
const PAUSE = 4;

/** Times and values, with an empty moment put into every long pause so that no line is drawn across it. */
export function plotData(series: SeriesView): PlotData {
  const pause = longPause(series.points);
  const times: number[] = [];
  const lines: (number | null)[][] = series.lines.map(() => []);
  let before: SeriesPoint | undefined;
  for (const point of series.points) {
    if (before !== undefined && point.epochSeconds - before.epochSeconds > pause) {
      times.push((before.epochSeconds + point.epochSeconds) / 2);
      lines.forEach((line) => line.push(null));
    }
    times.push(point.epochSeconds);
    lines.forEach((line, at) => line.push(point.values[at] ?? null));
    before = point;
  }
  return { columns: [times, ...lines] };
}

function longPause(points: readonly SeriesPoint[]): number {
  const gaps = points.slice(1).map((point, at) => point.epochSeconds - (points[at]?.epochSeconds ?? 0));
  if (gaps.length < 3) return Infinity;
  const usual = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  return usual > 0 ? usual * PAUSE : Infinity;
}

/** The vertical scale: every value and the reference range are inside, with some air. */
export function verticalRange(series: SeriesView): [number, number] {
  const values = series.points.flatMap((point) => point.values).filter((value) => value !== null);
  for (const bound of [series.rangeLow, series.rangeHigh]) if (bound !== null) values.push(bound);
  if (values.length === 0) return [0, 1];
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const air = (high - low) * 0.1 || Math.abs(high) * 0.1 || 1;
  // More on top: the flags stand there.
  return [low - air, high + air * 1.6];
}

/** The time scale; a single moment stands in the middle of its day. */
export function horizontalRange(from: number, to: number): [number, number] {
  const air = (to - from) * 0.03 || 43_200;
  return [from - air, to + air];
}

/** The point nearest in time, or -1 when there is none. */
export function nearestPoint(points: readonly SeriesPoint[], epochSeconds: number): number {
  let nearest = -1;
  let distance = Infinity;
  points.forEach((point, at) => {
    const off = Math.abs(point.epochSeconds - epochSeconds);
    if (off < distance) {
      distance = off;
      nearest = at;
    }
  });
  return nearest;
}

/** The points of the last so many days before the latest one; all of them for none. */
export function lastDays(series: SeriesView, days: number | null): SeriesView {
  const latest = series.points.at(-1);
  if (days === null || latest === undefined) return series;
  const from = latest.epochSeconds - days * 86_400;
  return { ...series, points: series.points.filter((point) => point.epochSeconds >= from) };
}

/** `21-Nov-2026`, with `10:42` above it where the ticks are closer than a day. */
export function tickText(epochSeconds: number, step: number): string {
  const at = new Date(epochSeconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = moment(`${two(at.getDate())}-${coreMonths[at.getMonth()] ?? ''}-${at.getFullYear()}`);
  return step < 86_400 ? `${two(at.getHours())}:${two(at.getMinutes())}\n${day}` : day;
}
