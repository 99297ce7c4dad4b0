// What uPlot does not draw by itself: the reference range, linked bars, symbols, flag letters and the crosshair.
import type uPlot from 'uplot';
import type { Flag, SeriesView } from '@/api/types';
import { drawSymbol, symbolOf, type PlotColours } from './symbols';

/** More points than this and the letters would hide the course; the table and the crosshair still say them. */
const MOST_LETTERS = 80;

const letters: Record<Flag, string> = {
  none: '',
  normal: '',
  abnormal: 'A',
  low: 'L',
  high: 'H',
  'critical-low': 'LL!!',
  'critical-high': 'HH!!',
  'critical-abnormal': 'AA!!',
};

/** The reference range as a band under everything; open to the edge where only one bound is known. */
export function drawBand(plot: uPlot, series: SeriesView, colours: PlotColours): void {
  if (series.rangeLow === null && series.rangeHigh === null) return;
  const { ctx, bbox } = plot;
  const top = series.rangeHigh === null ? bbox.top : plot.valToPos(series.rangeHigh, 'y', true);
  const bottom = series.rangeLow === null ? bbox.top + bbox.height : plot.valToPos(series.rangeLow, 'y', true);
  ctx.save();
  ctx.fillStyle = colours.band;
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  ctx.strokeStyle = colours.lines[0] ?? colours.text;
  ctx.lineWidth = pixels(1);
  ctx.setLineDash([pixels(4), pixels(4)]);
  for (const [bound, y] of [[series.rangeHigh, top], [series.rangeLow, bottom]] as const) {
    if (bound === null) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/** Symbols at the values, bars between linked ones, and the crosshair through the chosen moment. */
export function drawPoints(plot: uPlot, series: SeriesView, chosen: number, colours: PlotColours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const linked = series.lines.length > 1;
  const lettered = series.points.length <= MOST_LETTERS;
  const small = series.points.length > 300;
  series.points.forEach((point, at) => {
    const x = plot.valToPos(point.epochSeconds, 'x', true);
    const heights = point.values.map((value) => (value === null ? null : plot.valToPos(value, 'y', true)));
    const drawn = heights.filter((height) => height !== null);
    if (at === chosen) crosshair(ctx, x, bbox, colours);
    if (linked && drawn.length > 1) {
      ctx.strokeStyle = colours.quiet;
      ctx.lineWidth = pixels(at === chosen ? 3 : 2);
      ctx.beginPath();
      ctx.moveTo(x, Math.min(...drawn));
      ctx.lineTo(x, Math.max(...drawn));
      ctx.stroke();
    }
    const letter = letters[point.flag];
    heights.forEach((y, line) => {
      if (y === null) return;
      ctx.fillStyle = letter === '' ? (colours.lines[line] ?? colours.text) : colours.danger;
      ctx.strokeStyle = at === chosen ? colours.text : colours.surface;
      ctx.lineWidth = pixels(at === chosen ? 2 : 1);
      drawSymbol(ctx, symbolOf(line, series.lines.length), x, y, pixels(at === chosen ? 5.5 : small ? 2.5 : 4));
    });
    if (lettered && letter !== '' && drawn.length > 0) {
      ctx.fillStyle = colours.danger;
      ctx.font = `600 ${pixels(11)}px 'Inter Variable', sans-serif`;
      ctx.textAlign = 'center';
      const y = Math.min(...drawn) - pixels(linked ? 15 : 11);
      ctx.lineWidth = pixels(3);
      ctx.strokeStyle = colours.surface;
      ctx.strokeText(letter, x, y);
      ctx.fillText(letter, x, y);
    }
  });
  ctx.restore();
}

function crosshair(ctx: CanvasRenderingContext2D, x: number, bbox: uPlot.BBox, colours: PlotColours): void {
  ctx.save();
  ctx.strokeStyle = colours.text;
  ctx.lineWidth = pixels(1);
  ctx.setLineDash([pixels(2), pixels(3)]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

const pixels = (size: number) => size * (window.devicePixelRatio || 1);
