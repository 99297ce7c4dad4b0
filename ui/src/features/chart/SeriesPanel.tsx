// One observation over time: the chosen value in words, the plot, and the same as a table one key away.
import { t } from '@lingui/core/macro';
import { lazy, Suspense, useCallback, useMemo, type KeyboardEvent } from 'react';
import { useObservationSeries } from '@/api/queries';
import type { ObservationGroup, SeriesPoint, SeriesView } from '@/api/types';
import { StateView } from '@/components/StateView';
import { lastDays } from '@/components/plot/plotData';
import { KeepUnder, useKept } from '@/lib/kept';
import { FlagMark, flagWords, ValueMark } from '@/components/FlagMark';
import { Growth } from './Growth';
import { inWords, Notice, Quiet, WhenText } from './Quiet';
import classes from './SeriesPanel.module.css';
import { SeriesTable } from './SeriesTable';
import { CorrectVitalSign } from './write/CorrectVitalSign';

const TimePlot = lazy(async () => ({ default: (await import('@/components/plot/TimePlot')).TimePlot }));

export function SeriesPanel({ patientId, group }: { patientId: string; group: ObservationGroup }) {
  const read = useObservationSeries(patientId, group.key);
  return (
    <StateView
      read={read}
      what={group.name}
      failed={t`The values of ${group.name} could not be read`}
      stillTrue={t`The latest value in the list still holds.`}
    >
      {(series) => <Plots series={series} group={group.key} />}
    </StateView>
  );
}

/** Among the curves of growth a child's values come first; where there are none, the reason comes last. */
function Plots({ series, group }: { series: SeriesView; group: string }) {
  const course = (
    <KeepUnder name={`course ${group}`}>
      <Course series={series} />
    </KeepUnder>
  );
  if (series.growth === null) return course;
  const growth = (
    <KeepUnder name={`growth ${group}`}>
      <Growth growth={series.growth} />
    </KeepUnder>
  );
  const [first, second] = series.growth.standards.length > 0 ? [growth, course] : [course, growth];
  return (
    <>
      {first}
      <div className={classes.under}>{second}</div>
    </>
  );
}

const spans: { label: string; days: number | null }[] = [
  { get label() { return t`All`; }, days: null },
  { get label() { return t`5 years`; }, days: 1827 },
  { get label() { return t`1 year`; }, days: 366 },
  { get label() { return t`90 days`; }, days: 90 },
  { get label() { return t`7 days`; }, days: 7 },
];

function Course({ series }: { series: SeriesView }) {
  const numeric = useMemo(() => series.points.some((point) => point.values.some((value) => value !== null)), [series]);
  const [days, setDays] = useKept<number | null>('days', null);
  const [asTable, setAsTable] = useKept<boolean>('table', !numeric);
  const shown = useMemo(() => lastDays(series, days), [series, days]);
  const last = shown.points.length - 1;
  const [picked, setPicked] = useKept<number | null>('picked', null);
  const chosen = Math.min(picked ?? last, last);
  const point = shown.points[chosen];
  const choose = useCallback((index: number) => setPicked(index), [setPicked]);

  function press(event: KeyboardEvent) {
    if (!numeric || event.key.toLowerCase() !== 't' || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    event.stopPropagation();
    setAsTable(!asTable);
  }

  return (
    // T is heard from the plot, the table and the buttons alike.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- it only listens
    <div className={classes.course} onKeyDown={press} onKeyDownCapture={asTable ? press : undefined}>
      <div className={classes.bar}>
        <div role="group" aria-label={t`Time shown`} className={classes.group}>
          {spans.map((span) => (
            <button
              key={span.label}
              type="button"
              aria-pressed={days === span.days}
              className={classes.button}
              onClick={() => {
                setDays(span.days);
                setPicked(null);
              }}
            >
              {span.label}
            </button>
          ))}
        </div>
        {numeric && (
          <button type="button" aria-pressed={asTable} aria-keyshortcuts="T" className={classes.button} onClick={() => setAsTable(!asTable)}>
            {asTable ? t`Plot (T)` : t`Table (T)`}
          </button>
        )}
      </div>
      {asTable || point === undefined ? (
        <SeriesTable series={shown} />
      ) : (
        <>
          <Readout point={point} series={shown} latest={chosen === last} />
          <CorrectVitalSign sign={series.vitalSign} name={series.name} point={point} />
          <Suspense fallback={<div className={classes.plotPlace} />}>
            <TimePlot series={shown} chosen={chosen} onChoose={choose} spoken={t`${chosen + 1} of ${shown.points.length}`} />
          </Suspense>
          <Legend series={series} />
        </>
      )}
    </div>
  );
}

/** The exact value under the crosshair; the latest to begin with (GTAB-045). */
function Readout({ point, series, latest }: { point: SeriesPoint; series: SeriesView; latest: boolean }) {
  const word = flagWords[point.flag].word;
  return (
    <p aria-live="polite" className={classes.readout} aria-label={t`Chosen value`}>
      <span className={classes.value}>
        <ValueMark value={point.text} flag={point.flag} /> <Quiet>{series.unit}</Quiet> <FlagMark flag={point.flag} />
      </span>
      {word !== '' && word !== 'normal' && <span>{word}</span>}
      <WhenText when={point.when} />
      {latest && <Quiet>{t`latest`}</Quiet>}
      {point.range !== '' && <Quiet>{t`range ${point.range}`}</Quiet>}
      {point.status !== '' && point.status !== 'final' && <Notice>{inWords(point.status)}</Notice>}
      {point.replacement !== '' && <span>{t`replaced by ${point.replacement} ${series.unit}`}</span>}
    </p>
  );
}

function Legend({ series }: { series: SeriesView }) {
  const linked = series.lines.length > 1;
  return (
    <p className={classes.legend}>
      {linked && series.lines.map((line, at) => <span key={line}>{`${at === 0 ? '▼' : '▲'} ${line}`}</span>)}
      <span>{rangeText(series)}</span>
      <span>{t`Left and right move through the values`}</span>
    </p>
  );
}

/** In the words of the data: `4.0 to 5.6` stays `4.0 to 5.6`. */
function rangeText(series: SeriesView): string {
  if (series.rangeLow === null && series.rangeHigh === null) return t`No reference range in the data`;
  const range = series.points.findLast((point) => point.range !== '')?.range ?? '';
  const unit = series.unit === '' ? '' : ` ${series.unit}`;
  return series.rangeSource === '' ? t`Band is the reference range ${range}${unit}` : t`Band is the reference range ${range}${unit}, ${series.rangeSource}`;
}
