// What a plot is drawn on, and how it says which point is meant.
import type { PlotColours } from './symbols';

export type Stage = {
  colours: PlotColours;
  width: number;
  height: number;
  chosen(): number;
  onPoint(index: number): void;
};
