// How a growth chart is drawn: curves by age with their percentile at the end, the median strong, the outermost dashed, the child's values on top.
import { t } from '@lingui/core/macro';
import type uPlot from 'uplot';
import type { GrowthStandard, GrowthView } from '@/api/types';
import type { Stage } from './stage';
import { drawSymbol, type PlotColours } from './symbols';

type GrowthSetup = Stage & { growth: GrowthView; standard: GrowthStandard };

const FONT = "12px 'Inter Variable', sans-serif";
/** Up to this age in months the axis counts months; years from there on. */
const IN_MONTHS = 36;

/** Ages, then one row of values for each curve, as uPlot takes them. */
export const growthData = (standard: GrowthStandard): uPlot.AlignedData => [standard.months, ...standard.curves.map((curve) => curve.values)];

export function growthOptions({ growth, standard, colours, width, height, chosen, onPoint }: GrowthSetup): uPlot.Options {
  const axis = { stroke: colours.quiet, font: FONT, labelFont: FONT, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid, width: 1 } };
  const ages = ageRange(standard);
  const inMonths = ages[1] <= IN_MONTHS;
  return {
    width,
    height,
    // Room for the percentiles at the right end.
    padding: [12, 34, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false, range: () => ages }, y: { range: () => valueRange(standard) } },
    axes: [
      {
        ...axis,
        label: inMonths ? t`Age (months)` : t`Age (years)`,
        labelSize: 20,
        size: 30,
        incrs: inMonths ? [1, 2, 3, 6, 12] : [12, 24, 36, 60],
        values: (_, ticks) => ticks.map((tick) => (inMonths ? `${tick}` : `${tick / 12}`)),
      },
      { ...axis, label: `${growth.measure} (${growth.unit})`, labelSize: 24, size: 52 },
    ],
    series: [{}, ...standard.curves.map((curve, at) => ({ label: curve.percentile, spanGaps: false, points: { show: false }, ...stroke(standard, at, colours) }))],
    hooks: {
      draw: [(plot) => drawLabels(plot, standard, colours), (plot) => drawChild(plot, standard, chosen(), colours)],
      setCursor: [
        (plot) => {
          const left = plot.cursor.left ?? -1;
          if (left < 0) return;
          const index = nearestAge(standard, plot.posToVal(left, 'x'));
          if (index >= 0) onPoint(index);
        },
      ],
    },
  };
}

/** The median is strong, the outermost are dashed, the others thin: told apart without colour. */
export function stroke(standard: GrowthStandard, at: number, colours: Pick<PlotColours, 'text' | 'quiet'>) {
  if (standard.curves[at]?.percentile === '50') return { stroke: colours.text, width: 2 };
  const outermost = at === 0 || at === standard.curves.length - 1;
  return { stroke: colours.quiet, width: 1, ...(outermost ? { dash: [6, 4] } : {}) };
}

function ageRange(standard: GrowthStandard): [number, number] {
  const ages = [standard.months[0] ?? 0, standard.months.at(-1) ?? 1, ...standard.points.map((point) => point.months)];
  return [Math.min(...ages), Math.max(...ages)];
}

/** Every curve and every value is inside, with some air. */
export function valueRange(standard: GrowthStandard): [number, number] {
  const values = standard.points.map((point) => point.value);
  for (const curve of [standard.curves[0], standard.curves.at(-1)]) {
    for (const value of curve?.values ?? []) if (value !== null) values.push(value);
  }
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low) * 0.04 || 1;
  return [Math.max(0, low - air), high + air];
}

/** The value nearest in age, or -1 when there is none. */
export function nearestAge(standard: GrowthStandard, months: number): number {
  let nearest = -1;
  standard.points.forEach((point, at) => {
    const before = standard.points[nearest];
    if (before === undefined || Math.abs(point.months - months) < Math.abs(before.months - months)) nearest = at;
  });
  return nearest;
}

/** Each curve's percentile at its right end. Where two would lie over each other the one further out is left out; the legend names all. */
function drawLabels(plot: uPlot, standard: GrowthStandard, colours: PlotColours): void {
  const { ctx } = plot;
  ctx.save();
  ctx.font = `${pixels(11)}px 'Inter Variable', sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = colours.text;
  const taken: number[] = [];
  const middle = standard.curves.findIndex((curve) => curve.percentile === '50');
  const outwards = standard.curves.map((curve, at) => ({ curve, off: Math.abs(at - middle) })).sort((a, b) => (a.off === 0 ? -1 : b.off === 0 ? 1 : b.off - a.off));
  for (const { curve } of outwards) {
    const last = curve.values.findLastIndex((value) => value !== null);
    const [month, value] = [standard.months[last], curve.values[last]];
    if (month === undefined || value === undefined || value === null) continue;
    const y = plot.valToPos(value, 'y', true);
    if (taken.some((other) => Math.abs(other - y) < pixels(11))) continue;
    taken.push(y);
    ctx.fillText(curve.percentile, plot.valToPos(month, 'x', true) + pixels(5), y);
  }
  ctx.restore();
}

/** The child's values, joined, and a line through the chosen one. */
function drawChild(plot: uPlot, standard: GrowthStandard, chosen: number, colours: PlotColours): void {
  const { ctx, bbox } = plot;
  const places = standard.points.map((point) => ({ x: plot.valToPos(point.months, 'x', true), y: plot.valToPos(point.value, 'y', true) }));
  const child = colours.lines[0] ?? colours.text;
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = child;
  ctx.lineWidth = pixels(1.5);
  ctx.beginPath();
  places.forEach(({ x, y }, at) => (at === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.stroke();
  const at = places[chosen];
  if (at !== undefined) {
    ctx.strokeStyle = colours.text;
    ctx.lineWidth = pixels(1);
    ctx.setLineDash([pixels(2), pixels(3)]);
    ctx.beginPath();
    ctx.moveTo(at.x, bbox.top);
    ctx.lineTo(at.x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  places.forEach(({ x, y }, index) => {
    ctx.fillStyle = child;
    ctx.strokeStyle = index === chosen ? colours.text : colours.surface;
    ctx.lineWidth = pixels(index === chosen ? 2 : 1);
    drawSymbol(ctx, 'circle', x, y, pixels(index === chosen ? 5.5 : 4));
  });
  ctx.restore();
}

const pixels = (size: number) => size * (window.devicePixelRatio || 1);
