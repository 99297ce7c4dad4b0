// Counts over true time as bars, each as broad as its time, so that the line of an alarm stands in the bar of its hour; what nothing explains
// hatched on top; what a rule counted as a line, with its limit and the alarm. Its table twin is the caller's.
import { useId } from 'react';
import { number } from '@/lib/language/number';
import { Hatch } from './Hatch';
import classes from './plot.module.css';
import { countTicks, timeTicks } from './scale';
import { useWidth } from './useWidth';

export type Bar = { at: number; length: number; plain: number; hatched: number; words: string };
type Mark = { value: number; label: string };
type Props = {
  label: string;
  from: number;
  until: number;
  bars: Bar[];
  /** Steps from one value to the next. */
  line?: { at: number; count: number }[];
  /** Drawn across: what was allowed, what is usual. */
  limit?: Mark | null;
  usual?: Mark | null;
  alarm?: { at: number; label: string } | null;
  /** Low, where there is little to tell apart. */
  low?: boolean;
};

/** From one tick of time to the next, at least: a day in words fits between. */
const apart = 96;
const left = 48;
const top = 18;
const foot = 34;

export function TimeBars({ label, from, until, bars, line = [], limit = null, usual = null, alarm = null, low = false }: Props) {
  const hatch = useId();
  const { ref, width } = useWidth();
  const height = low ? 84 : 170;
  const most = Math.max(...bars.map((bar) => bar.plain + bar.hatched), ...line.map((one) => one.count), limit?.value ?? 0, usual?.value ?? 0, 1);
  const ticks = countTicks(most);
  const end = Math.max(until, from + 1);
  const x = (at: number) => left + ((at - from) / (end - from)) * (width - left - 8);
  const y = (count: number) => top + height - (count / (ticks.at(-1) ?? 1)) * height;
  // Two names that would lie over each other stand on the two sides of their lines.
  const near = limit !== null && usual !== null && Math.abs(y(limit.value) - y(usual.value)) < 14;
  return (
    <div ref={ref} className={classes.frame}>
      <svg className={classes.plot} width={width} height={top + height + foot} role="img" aria-label={label}>
        <Hatch id={hatch} />
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - 8} y1={y(tick)} y2={y(tick)} className={tick === 0 ? classes.axis : classes.grid} />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end" className={classes.tick}>
              {number(tick)}
            </text>
          </g>
        ))}
        {bars.map((bar) => {
          const begin = x(Math.max(bar.at, from));
          const room = Math.max(1, x(Math.min(bar.at + bar.length, end)) - begin - 1);
          return (
            <g key={bar.at}>
              <title>{bar.words}</title>
              <rect x={begin} y={y(bar.plain)} width={room} height={y(0) - y(bar.plain)} className={classes.bar} />
              {bar.hatched === 0 ? null : <rect x={begin} y={y(bar.plain + bar.hatched)} width={room} height={y(0) - y(bar.hatched)} fill={`url(#${hatch})`} className={room < 6 ? undefined : classes.hatched} />}
            </g>
          );
        })}
        {timeTicks(from, end, Math.max(2, Math.floor((width - left) / apart))).map((tick) => (
          <g key={tick.at}>
            <line x1={x(tick.at)} x2={x(tick.at)} y1={y(0)} y2={y(0) + 4} className={classes.axis} />
            {tick.lines.map((text, at) => (
              <text key={text} x={Math.min(x(tick.at), width - 42)} y={y(0) + 16 + at * 13} textAnchor="middle" className={classes.tick}>
                {text}
              </text>
            ))}
          </g>
        ))}
        {usual === null ? null : <Across mark={usual} width={width} y={y(usual.value)} below={near} tone={classes.usual} />}
        {limit === null ? null : <Across mark={limit} width={width} y={y(limit.value)} below={false} tone={classes.limit} />}
        {line.length === 0 ? null : <path d={steps(line, x, y)} className={classes.line} />}
        {alarm === null ? null : (
          <g>
            <line x1={x(alarm.at)} x2={x(alarm.at)} y1={top - 4} y2={y(0)} className={classes.alarm} />
            <text x={x(alarm.at) + (x(alarm.at) > width / 2 ? -5 : 5)} y={top - 6} textAnchor={x(alarm.at) > width / 2 ? 'end' : 'start'} className={classes.alarmName}>
              {alarm.label}
            </text>
          </g>
        )}
      </svg>
    </div>
  );
}

function Across({ mark, y, width, below, tone }: { mark: Mark; y: number; width: number; below: boolean; tone: string | undefined }) {
  return (
    <g>
      <line x1={left} x2={width - 8} y1={y} y2={y} className={tone} />
      <text x={left + 4} y={below ? y + 12 : y - 4} className={classes.name}>
        {mark.label}
      </text>
    </g>
  );
}

/** A count holds until the next one. */
function steps(line: { at: number; count: number }[], x: (at: number) => number, y: (count: number) => number): string {
  return line.map((one, at) => (at === 0 ? `M${x(one.at)} ${y(one.count)}` : `H${x(one.at)}V${y(one.count)}`)).join('');
}
