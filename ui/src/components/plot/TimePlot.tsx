// One series over true time, by pointer and by keyboard. The table twin and the words around it are the caller's.
import { useCallback } from 'react';
import type { SeriesView } from '@/api/types';
import { useLanguage } from '@/lib/language/language';
import { plotData } from './plotData';
import { axisLabel, plotOptions } from './plotOptions';
import { PlotSlider } from './PlotSlider';
import type { Stage } from './stage';

type TimePlotProps = {
  series: SeriesView;
  /** The chosen point. */
  chosen: number;
  onChoose(index: number): void;
  /** The chosen point in words. */
  spoken: string;
};

export function TimePlot({ series, chosen, onChoose, spoken }: TimePlotProps) {
  const language = useLanguage();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- what is drawn has words and dates in it
  const draw = useCallback((stage: Stage) => ({ options: plotOptions({ series, ...stage }), data: plotData(series).columns }), [series, language]);
  return <PlotSlider draw={draw} of={axisLabel(series)} points={series.points.length} chosen={chosen} onChoose={onChoose} spoken={spoken} />;
}
