// The table twin of a plot: every value, newest first.
import { t } from '@lingui/core/macro';
import { useMemo } from 'react';
import type { SeriesPoint, SeriesView } from '@/api/types';
import { FlagMark, flagWords, ValueMark } from '@/components/FlagMark';
import { useLanguage } from '@/lib/language/language';
import type { Column } from './grid/column';
import { DataGrid } from './grid/DataGrid';
import { inWords, joined, Notice, Quiet, WhenText } from './Quiet';
import classes from './SeriesPanel.module.css';

export function SeriesTable({ series }: { series: SeriesView }) {
  const rows = useMemo(() => series.points.toReversed(), [series]);
  const language = useLanguage();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- their headers are in the language
  const columns = useMemo(() => columnsFor(series.unit), [series.unit, language]);
  return (
    <div className={classes.table}>
      <DataGrid label={t`Values of ${series.name}`} rows={rows} columns={columns} rowKey={pointKey} searchText={pointText} />
    </div>
  );
}

function Status({ point }: { point: SeriesPoint }) {
  if (point.status === 'final') return 'final';
  return (
    <>
      <Notice>{inWords(point.status)}</Notice>
      {point.replacement === '' ? null : <Quiet>{t` now ${point.replacement}`}</Quiet>}
    </>
  );
}

const pointKey = (point: SeriesPoint) => `${point.id} ${point.epochSeconds} ${point.text}`;
const pointText = (point: SeriesPoint) => joined(point.when.text, point.text, flagWords[point.flag].word, point.status);

const columnsFor = (unit: string): Column<SeriesPoint>[] => [
  { key: 'when', header: t`When`, width: '140px', cell: (point) => <WhenText when={point.when} /> },
  { key: 'value', header: t`Value`, width: 'minmax(70px, 1fr)', align: 'right', cell: (point) => <ValueMark value={point.text} flag={point.flag} /> },
  { key: 'unit', header: t`Unit`, width: '84px', cell: () => (unit === '' ? '' : <Quiet>{unit}</Quiet>) },
  { key: 'flag', header: t({ message: 'Flag', context: 'of a result' }), width: '48px', cell: (point) => <FlagMark flag={point.flag} /> },
  { key: 'range', header: t`Range`, width: '110px', cell: (point) => (point.range === '' ? '' : <Quiet>{point.range}</Quiet>) },
  { key: 'status', header: t`Status`, width: 'minmax(90px, 150px)', cell: (point) => <Status point={point} /> },
];
