// A plot that is read point by point: by pointer, and by keyboard as a slider. What is drawn is the caller's, and so is the table twin.
import { t } from '@lingui/core/macro';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import './language';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Stage } from './stage';
import { plotColours } from './symbols';
import classes from './PlotSlider.module.css';

type PlotSliderProps = {
  /** The plot is made anew whenever this is another function. */
  draw(stage: Stage): { options: uPlot.Options; data: uPlot.AlignedData };
  /** What is drawn, in words. */
  of: string;
  /** How many points there are. */
  points: number;
  /** The chosen point. */
  chosen: number;
  onChoose(index: number): void;
  /** The chosen point in words. */
  spoken: string;
};

export function PlotSlider({ draw, of, points, chosen, onChoose, spoken }: PlotSliderProps) {
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
    const { options, data } = draw({
      colours: plotColours(element),
      width: element.clientWidth,
      height: element.clientHeight,
      chosen: () => latest.current.chosen,
      onPoint: (index) => {
        if (index !== latest.current.chosen) latest.current.onChoose(index);
      },
    });
    const made = new uPlot(options, data, element);
    plot.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: element.clientHeight }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
    // The scheme is not read here, but the colours of the canvas follow it.
  }, [draw, scheme]);

  function press(event: KeyboardEvent) {
    const last = points - 1;
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
      aria-label={t`Plot of ${of}, ${points} values; left and right move through them`}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, points)}
      aria-valuenow={chosen + 1}
      aria-valuetext={spoken}
      className={classes.plot}
      onKeyDown={press}
    />
  );
}
