// The course of the latest values in a list row. No axis: it shows direction, the plot shows values.
import { t } from '@lingui/core/macro';
import classes from './Sparkline.module.css';

const WIDTH = 96;
const HEIGHT = 18;
const EDGE = 3;

export function Sparkline({ values, name }: { values: readonly number[]; name: string }) {
  if (values.length < 2) return null;
  const places = sparklinePlaces(values);
  const last = places.at(-1);
  return (
    <svg
      className={classes.line}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t`${name}, ${direction(values)} over the latest ${values.length} values`}
    >
      <polyline points={places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      {last !== undefined && <circle cx={last.x} cy={last.y} r={2.2} />}
    </svg>
  );
}

/** Where each value stands; a flat series is a line through the middle. */
export function sparklinePlaces(values: readonly number[]): { x: number; y: number }[] {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  return values.map((value, index) => ({
    x: EDGE + index * step,
    y: span === 0 ? HEIGHT / 2 : HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE),
  }));
}

function direction(values: readonly number[]): string {
  const first = values[0] ?? 0;
  const last = values.at(-1) ?? first;
  if (last === first) return t`same at both ends`;
  return last > first ? t`rising` : t`falling`;
}
