// A child's values among percentile curves over age, by pointer and by keyboard. The table twin and the words around it are the caller's.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import './language';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { GrowthStandard, GrowthView } from '@/api/types';
import { growthData, growthOptions } from './growthOptions';
import { plotColours } from './symbols';
import classes from './TimePlot.module.css';

type GrowthPlotProps = { growth: GrowthView; standard: GrowthStandard; chosen: number; onChoose(index: number): void };

export function GrowthPlot({ growth, standard, chosen, onChoose }: GrowthPlotProps) {
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
      growthOptions({
        growth,
        standard,
        colours: plotColours(element),
        width: element.clientWidth,
        height: element.clientHeight,
        chosen: () => latest.current.chosen,
        onPoint: (index) => {
          if (index !== latest.current.chosen) latest.current.onChoose(index);
        },
      }),
      growthData(standard),
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
  }, [growth, standard, scheme]);

  const last = standard.points.length - 1;
  function press(event: KeyboardEvent) {
    const to = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(last, to)));
  }
  const point = standard.points[chosen];

  return (
    <div
      ref={frame}
      role="slider"
      tabIndex={0}
      aria-label={`Plot of ${growth.measure} (${growth.unit}), ${standard.name}, ${standard.points.length} values; left and right move through them`}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, standard.points.length)}
      aria-valuenow={chosen + 1}
      aria-valuetext={point === undefined ? '' : `${chosen + 1} of ${standard.points.length}: ${point.text} at ${point.age}, percentile ${point.percentile}`}
      className={classes.plot}
      onKeyDown={press}
    />
  );
}
