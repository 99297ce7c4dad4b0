// Patients in each of the hours before a suspension, as bars; the line is what was allowed. The table below says the same.
import { t } from '@lingui/core/macro';
import type { SuspensionRow } from '@/api/types';
import classes from './SuspensionsPage.module.css';

const width = 480;
const height = 96;

export function HoursBefore({ row }: { row: SuspensionRow }) {
  const hours = row.hoursBefore;
  const most = Math.max(row.allowed, ...hours, 1);
  const step = width / Math.max(hours.length, 1);
  const y = (count: number) => height - (count / most) * height;
  const busy = hours.map((count, at) => ({ count, ago: hours.length - at })).filter((one) => one.count > 0);
  return (
    <>
      <svg className={classes.plot} viewBox={`0 -6 ${width} ${height + 24}`} role="img" aria-label={t`Patients in each hour; ${row.allowed} were allowed`}>
        {hours.map((count, at) => (
          <rect
            key={hours.length - at}
            x={at * step + 2}
            y={y(count)}
            width={step - 4}
            height={height - y(count)}
            className={count > row.allowed ? classes.tooMany : classes.bar}
          />
        ))}
        <line x1={0} x2={width} y1={height} y2={height} className={classes.axis} />
        <line x1={0} x2={width} y1={y(row.allowed)} y2={y(row.allowed)} className={classes.allowed} />
        <text x={0} y={height + 14} className={classes.tick}>
          {t`24 h before`}
        </text>
        <text x={width} y={height + 14} textAnchor="end" className={classes.tick}>
          {t`suspension`}
        </text>
        <text x={0} y={y(row.allowed) - 4 < 0 ? y(row.allowed) + 12 : y(row.allowed) - 4} className={classes.tick}>
          {t`allowed ${row.allowed}`}
        </text>
      </svg>
      <p className="quiet">
        {busy.length === 0
          ? t`No chart was opened in these hours.`
          : busy.map((one) => one.ago === 1 ? t`${one.count} patients in the last hour` : t`${one.count} patients ${one.ago} hours before`).join(', ') + '.'}
      </p>
    </>
  );
}
