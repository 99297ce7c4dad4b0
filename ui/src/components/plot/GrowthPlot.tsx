// A child's values among percentile curves over age. The table twin and the words around it are the caller's.
import { t } from '@lingui/core/macro';
import { useCallback } from 'react';
import type { GrowthStandard, GrowthView } from '@/api/types';
import { useLanguage } from '@/lib/language/language';
import { aged } from '@/lib/language/moment';
import { growthData, growthOptions } from './growthOptions';
import { PlotSlider } from './PlotSlider';
import type { Stage } from './stage';

type GrowthPlotProps = { growth: GrowthView; standard: GrowthStandard; chosen: number; onChoose(index: number): void };

export function GrowthPlot({ growth, standard, chosen, onChoose }: GrowthPlotProps) {
  const language = useLanguage();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- what is drawn has words and dates in it
  const draw = useCallback((stage: Stage) => ({ options: growthOptions({ growth, standard, ...stage }), data: growthData(standard) }), [growth, standard, language]);
  const { length } = standard.points;
  const point = standard.points[chosen];
  const spoken = point === undefined ? '' : t`${chosen + 1} of ${length}: ${point.text} at ${aged(point.age)}, percentile ${point.percentile}`;
  return <PlotSlider draw={draw} of={`${growth.measure} (${growth.unit}), ${standard.name}`} points={length} chosen={chosen} onChoose={onChoose} spoken={spoken} />;
}
