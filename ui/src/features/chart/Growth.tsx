// A child's values among the percentile curves of one standard, in words, as a plot and as a table.
import { t } from '@lingui/core/macro';
import { lazy, Suspense, useCallback, useMemo, type KeyboardEvent } from 'react';
import type { GrowthPoint, GrowthStandard, GrowthView } from '@/api/types';
import { useKept } from '@/lib/kept';
import { aged } from '@/lib/language/moment';
import type { Column } from './grid/column';
import { DataGrid } from './grid/DataGrid';
import classes from './Growth.module.css';
import { joined, Quiet, WhenText } from './Quiet';
import panel from './SeriesPanel.module.css';

const GrowthPlot = lazy(async () => ({ default: (await import('@/components/plot/GrowthPlot')).GrowthPlot }));

export function Growth({ growth }: { growth: GrowthView }) {
  const [name, setName] = useKept<string>('standard', '');
  const [asTable, setAsTable] = useKept<boolean>('table', false);
  const standard = growth.standards.find((one) => one.name === name) ?? growth.standards[0];

  function press(event: KeyboardEvent) {
    if (event.key.toLowerCase() !== 't' || event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    event.stopPropagation();
    setAsTable(!asTable);
  }

  if (standard === undefined) {
    return (
      <section aria-label={t`Growth`} className={classes.growth}>
        <h3 className={classes.title}>{growth.measure}</h3>
        <p className={classes.text}>{growth.notAssessed}</p>
      </section>
    );
  }
  return (
    // T is heard from the plot, the table and the buttons alike.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only listens
    <section aria-label={t`Growth`} className={classes.growth} onKeyDown={press} onKeyDownCapture={asTable ? press : undefined}>
      <h3 className={classes.title}>{`${growth.measure}, ${growth.sex}`}</h3>
      <div className={panel.bar}>
        <div role="group" aria-label={t`Growth standard`} className={panel.group}>
          {growth.standards.map((one) => (
            <button key={one.name} type="button" aria-pressed={one === standard} className={panel.button} onClick={() => setName(one.name)}>
              {one.name}
            </button>
          ))}
        </div>
        <button type="button" aria-pressed={asTable} aria-keyshortcuts="T" className={panel.button} onClick={() => setAsTable(!asTable)}>
          {asTable ? t`Plot (T)` : t`Table (T)`}
        </button>
      </div>
      {asTable ? <GrowthTable growth={growth} standard={standard} /> : <Course key={standard.name} growth={growth} standard={standard} />}
      {standard.leftOut !== '' && <p className={classes.text}>{standard.leftOut}</p>}
      <ul className={classes.sources} aria-label={t`Source of the curves`}>
        {standard.sources.map((source) => (
          <li key={source}>{t`Source: ${source}`}</li>
        ))}
      </ul>
    </section>
  );
}

function Course({ growth, standard }: { growth: GrowthView; standard: GrowthStandard }) {
  const last = standard.points.length - 1;
  const [picked, setPicked] = useKept<number | null>('picked', null);
  const chosen = Math.min(picked ?? last, last);
  const point = standard.points[chosen];
  const choose = useCallback((index: number) => setPicked(index), [setPicked]);
  return (
    <>
      {point !== undefined && <Readout point={point} standard={standard} latest={chosen === last} />}
      <Suspense fallback={<div className={panel.plotPlace} />}>
        <GrowthPlot growth={growth} standard={standard} chosen={chosen} onChoose={choose} />
      </Suspense>
      <p className={panel.legend}>
        <span>{t`Lines are percentiles of ${growth.sex}: ${standard.curves.map((curve) => curve.percentile).join(', ')}`}</span>
        <span>{t`Left and right move through the values`}</span>
      </p>
    </>
  );
}

function Readout({ point, standard, latest }: { point: GrowthPoint; standard: GrowthStandard; latest: boolean }) {
  return (
    <p aria-live="polite" className={panel.readout} aria-label={t`Chosen value among the curves`}>
      <strong className={panel.value}>{t`Percentile ${point.percentile}`}</strong>
      <Quiet>{standard.name}</Quiet>
      <span>{point.text}</span>
      <span>{t`at ${aged(point.age)}`}</span>
      <span>{`z ${point.z}`}</span>
      <WhenText when={point.when} />
      {latest && <Quiet>{t`latest`}</Quiet>}
    </p>
  );
}

function GrowthTable({ growth, standard }: { growth: GrowthView; standard: GrowthStandard }) {
  const rows = useMemo(() => standard.points.toReversed(), [standard]);
  return (
    <div className={panel.table}>
      <DataGrid label={`${growth.measure}, ${standard.name}`} rows={rows} columns={columns} rowKey={pointKey} searchText={pointText} />
    </div>
  );
}

const pointKey = (point: GrowthPoint) => `${point.id} ${point.months} ${point.text}`;
const pointText = (point: GrowthPoint) => joined(point.when.text, point.age, point.text, point.percentile);

const columns: Column<GrowthPoint>[] = [
  { key: 'age', get header() { return t`Age`; }, width: 'minmax(72px, 1fr)', cell: (point) => aged(point.age) },
  { key: 'value', get header() { return t`Value`; }, width: 'minmax(80px, 1fr)', align: 'right', cell: (point) => <strong>{point.text}</strong> },
  { key: 'percentile', get header() { return t`Percentile`; }, width: '92px', align: 'right', cell: (point) => point.percentile },
  { key: 'z', header: 'z-score', width: '64px', align: 'right', cell: (point) => point.z },
  { key: 'when', get header() { return t`When`; }, width: '140px', cell: (point) => <WhenText when={point.when} /> },
];
