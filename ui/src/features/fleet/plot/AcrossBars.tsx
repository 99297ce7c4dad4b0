// One bar for each name, the longest first, with its numbers in words behind it. What nothing explains is hatched.
import { useId } from 'react';
import { Hatch } from './Hatch';
import classes from './plot.module.css';
import { useWidth } from './useWidth';

type Bar = { key: string; name: string; plain: number; hatched: number; words: string };

const row = 22;
/** Of a letter, about. */
const letter = 6.4;

export function AcrossBars({ label, bars }: { label: string; bars: Bar[] }) {
  const hatch = useId();
  const { ref, width } = useWidth();
  const left = Math.min(200, Math.round(width * 0.26));
  // Numbers in words are never cut: the bars leave them room.
  const right = Math.max(...bars.map((bar) => [...bar.words].length), 0) * letter + 16;
  const most = Math.max(...bars.map((bar) => bar.plain + bar.hatched), 1);
  const x = (count: number) => (count / most) * Math.max(40, width - left - right);
  return (
    <div ref={ref} className={classes.frame}>
      <svg className={classes.plot} width={width} height={bars.length * row + 4} role="img" aria-label={label}>
        <Hatch id={hatch} />
        {bars.map((bar, at) => (
          <g key={bar.key} transform={`translate(0 ${at * row + 2})`}>
            <text x={left - 8} y={row / 2 + 4} textAnchor="end" className={classes.name}>
              {shortened(bar.name, Math.floor((left - 12) / letter))}
              <title>{bar.name}</title>
            </text>
            <rect x={left} y={4} width={Math.max(1, x(bar.plain))} height={row - 8} className={classes.bar} />
            {bar.hatched === 0 ? null : <rect x={left + x(bar.plain)} y={4} width={Math.max(1, x(bar.hatched))} height={row - 8} fill={`url(#${hatch})`} className={classes.hatched} />}
            <text x={left + x(bar.plain + bar.hatched) + 8} y={row / 2 + 4} className={classes.tick}>
              {bar.words}
            </text>
          </g>
        ))}
        <line x1={left} x2={left} y1={0} y2={bars.length * row + 4} className={classes.axis} />
      </svg>
    </div>
  );
}

/** What would not fit beside its bar; the table twin has it whole. */
const shortened = (name: string, most: number) => ([...name].length > most ? `${[...name].slice(0, most - 1).join('')}…` : name);
