// A child's values among percentile curves over age. The table twin and the words around it are the caller's.
import { useCallback } from 'react';
import type { GrowthStandard, GrowthView } from '@/api/types';
import { growthData, growthOptions } from './growthOptions';
import { PlotSlider } from './PlotSlider';
import type { Stage } from './stage';

type GrowthPlotProps = { growth: GrowthView; standard: GrowthStandard; chosen: number; onChoose(index: number): void };

export function GrowthPlot({ growth, standard, chosen, onChoose }: GrowthPlotProps) {
  const draw = useCallback((stage: Stage) => ({ options: growthOptions({ growth, standard, ...stage }), data: growthData(standard) }), [growth, standard]);
  const { length } = standard.points;
  const point = standard.points[chosen];
  const spoken = point === undefined ? '' : `${chosen + 1} of ${length}: ${point.text} at ${point.age}, percentile ${point.percentile}`;
  return <PlotSlider draw={draw} of={`${growth.measure} (${growth.unit}), ${standard.name}`} points={length} chosen={chosen} onChoose={onChoose} spoken={spoken} />;
}
