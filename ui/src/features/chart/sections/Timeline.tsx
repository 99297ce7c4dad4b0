// Everything by date, newest first.
import type { TimelineRow } from '@/api/types';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { joined, Quiet, WhenText } from '../Quiet';

export function Timeline({ patientId, rows }: { patientId: string; rows: TimelineRow[] }) {
  return (
    <ListWithDetail
      label="Timeline"
      rows={rows}
      columns={columns}
      rowKey={timelineKey}
      searchText={timelineText}
      detail={(row, close) => (
        <DetailPane
          title={row.title}
          onClose={close}
          facts={[['When', row.when.text], ['Kind', row.kind], ...(row.detail === '' ? [] : [['More', row.detail] as const])]}
          stored={{ patientId, resourceType: row.resourceType, id: row.id }}
        />
      )}
    />
  );
}

const timelineKey = (row: TimelineRow) => `${row.resourceType}/${row.id}`;
const timelineText = (row: TimelineRow) => joined(row.when.text, row.kind, row.title, row.detail);

const columns: Column<TimelineRow>[] = [
  { key: 'when', header: 'When', width: '136px', cell: (row) => <WhenText when={row.when} /> },
  { key: 'kind', header: 'Kind', width: '140px', cell: (row) => <Quiet>{row.kind}</Quiet> },
  { key: 'title', header: 'What', width: 'minmax(0, 3fr)', cell: (row) => <strong>{row.title === '' ? 'Not named' : row.title}</strong> },
  { key: 'detail', header: 'More', width: 'minmax(0, 3fr)', cell: (row) => <Quiet>{row.detail}</Quiet> },
];
