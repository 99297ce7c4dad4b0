// How uPlot is set up: name and unit on the axis, true time, and our own drawing on top.
import type uPlot from 'uplot';
import type { SeriesView } from '@/api/types';
import { drawBand, drawPoints } from './drawSeries';
import { horizontalRange, nearestPoint, tickText, verticalRange } from './plotData';
import type { Stage } from './stage';

type PlotSetup = Stage & { series: SeriesView };

const FONT = "12px 'Inter Variable', sans-serif";

export function plotOptions({ series, colours, width, height, chosen, onPoint }: PlotSetup): uPlot.Options {
  const axis = { stroke: colours.quiet, font: FONT, labelFont: FONT, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid, width: 1 } };
  const linked = series.lines.length > 1;
  return {
    width,
    height,
    // Room for half a date at the right end.
    padding: [12, 44, 0, 0],
    legend: { show: false },
    // Measuring by hand: what is under the pointer is chosen, nothing is dragged (WCAG 2.5.7).
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: (_, from, to) => horizontalRange(from, to) },
      y: { range: () => verticalRange(series) },
    },
    axes: [
      { ...axis, space: 100, values: (_, ticks, __, ___, step) => ticks.map((tick) => tickText(tick, step)), size: 44 },
      { ...axis, label: axisLabel(series), labelSize: 24, size: 52 },
    ],
    series: [
      {},
      ...series.lines.map((label, at) => ({
        label,
        stroke: colours.lines[at] ?? colours.text,
        width: 1.5,
        spanGaps: false,
        points: { show: false },
        ...(linked ? { paths: () => null } : {}),
      })),
    ],
    hooks: {
      drawAxes: [(plot) => drawBand(plot, series, colours)],
      draw: [(plot) => drawPoints(plot, series, chosen(), colours)],
      setCursor: [
        (plot) => {
          const left = plot.cursor.left ?? -1;
          if (left < 0) return;
          const index = nearestPoint(series.points, plot.posToVal(left, 'x'));
          if (index >= 0) onPoint(index);
        },
      ],
    },
  };
}

/** Name and unit, always (GTAB-018, 027). */
export function axisLabel(series: SeriesView): string {
  return series.unit === '' ? series.name : `${series.name} (${series.unit})`;
}
