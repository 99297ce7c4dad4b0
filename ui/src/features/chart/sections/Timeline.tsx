// Everything by date, newest first.
import { t } from '@lingui/core/macro';
import type { TimelineRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { joined, Quiet, WhenText } from '../Quiet';

export function Timeline({ patientId, rows }: { patientId: string; rows: TimelineRow[] }) {
  return (
    <ListWithDetail
      label={t`Timeline`}
      rows={rows}
      columns={columns}
      rowKey={timelineKey}
      searchText={timelineText}
      detail={(row, close) => (
        <DetailPane
          title={row.title}
          onClose={close}
          facts={[[t`When`, moment(row.when.text)], [t`Kind`, row.kind], ...(row.detail === '' ? [] : [[t`More`, row.detail] as const])]}
          stored={{ patientId, resourceType: row.resourceType, id: row.id }}
        />
      )}
    />
  );
}

const timelineKey = (row: TimelineRow) => `${row.resourceType}/${row.id}`;
const timelineText = (row: TimelineRow) => joined(row.when.text, row.kind, row.title, row.detail);

const columns: Column<TimelineRow>[] = [
  { key: 'when', get header() { return t`When`; }, width: '136px', cell: (row) => <WhenText when={row.when} /> },
  { key: 'kind', get header() { return t`Kind`; }, width: '140px', cell: (row) => <Quiet>{row.kind}</Quiet> },
  { key: 'title', get header() { return t`What`; }, width: 'minmax(0, 3fr)', cell: (row) => <strong>{row.title === '' ? t`Not named` : row.title}</strong> },
  { key: 'detail', get header() { return t`More`; }, width: 'minmax(0, 3fr)', cell: (row) => <Quiet>{row.detail}</Quiet> },
];
