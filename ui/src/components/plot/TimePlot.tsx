// One series over true time, by pointer and by keyboard. The table twin and the words around it are the caller's.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import './language';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SeriesView } from '@/api/types';
import { plotData } from './plotData';
import { axisLabel, plotOptions } from './plotOptions';
import { plotColours } from './symbols';
import classes from './TimePlot.module.css';

type TimePlotProps = {
  series: SeriesView;
  /** The chosen point. */
  chosen: number;
  onChoose(index: number): void;
  /** The chosen point in words. */
  spoken: string;
};

export function TimePlot({ series, chosen, onChoose, spoken }: TimePlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ chosen, onChoose });
  const scheme = useComputedColorScheme('light');

  useEffect(() => {
    latest.current = { chosen, onChoose };
    plot.current?.redraw(false);
  }, [chosen, onChoose]);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const made = new uPlot(
      plotOptions({
        series,
        colours: plotColours(element),
        width: element.clientWidth,
        height: element.clientHeight,
        chosen: () => latest.current.chosen,
        onPoint: (index) => {
          if (index !== latest.current.chosen) latest.current.onChoose(index);
        },
      }),
      plotData(series).columns,
      element,
    );
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: element.clientHeight }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
    // The scheme is not read here, but the colours of the canvas follow it.
  }, [series, scheme]);

  function press(event: KeyboardEvent) {
    const last = series.points.length - 1;
    const to = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(last, to)));
  }

  return (
    <div
      ref={frame}
      role="slider"
      tabIndex={0}
      aria-label={`Plot of ${axisLabel(series)}, ${series.points.length} values; left and right move through them`}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, series.points.length)}
      aria-valuenow={chosen + 1}
      aria-valuetext={spoken}
      className={classes.plot}
      onKeyDown={press}
    />
  );
}
