// Documents and notes (FHIR DocumentReference, Composition): the list, and a pane to read in.
import type { DocumentRow } from '@/api/types';
import { DetailPane } from '../DetailPane';
import { DocumentText } from '../DocumentText';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';

export function Documents({ patientId, rows }: { patientId: string; rows: DocumentRow[] }) {
  return (
    <ListWithDetail
      wide
      beside={beside}
      label="Documents"
      rows={rows}
      columns={columns}
      rowKey={documentKey}
      searchText={documentText}
      isPast={isPast}
      detail={(row, close) => (
        <DetailPane
          title={row.title}
          onClose={close}
          facts={[
            ['When', row.when.text],
            ['Author', row.author],
            ['Status', inWords(row.status)],
          ]}
          stored={{ patientId, resourceType: row.resourceType, id: row.id }}
          storedOnDemand
        >
          <DocumentText patientId={patientId} resourceType={row.resourceType} id={row.id} />
        </DetailPane>
      )}
    />
  );
}

const documentKey = (row: DocumentRow) => `${row.resourceType}/${row.id}`;
const documentText = (row: DocumentRow) => joined(row.title, row.author, row.when.text, row.status, row.contentType);
const beside = new Set(['title', 'when', 'author']);
const past = new Set(['superseded', 'entered-in-error']);
const isPast = (row: DocumentRow) => past.has(row.status);

const columns: Column<DocumentRow>[] = [
  { key: 'title', header: 'Document', width: 'minmax(0, 3fr)', cell: (row) => <strong>{row.title === '' ? 'Not titled' : row.title}</strong> },
  { key: 'when', header: 'When', width: '136px', cell: (row) => <WhenText when={row.when} /> },
  { key: 'author', header: 'Author', width: 'minmax(0, 2fr)', cell: (row) => row.author },
  { key: 'status', header: 'Status', width: '110px', cell: (row) => (isPast(row) ? <Notice>{inWords(row.status)}</Notice> : inWords(row.status)) },
  { key: 'content', header: 'Content', width: '130px', cell: (row) => <Quiet>{row.readable ? row.contentType : `${row.contentType} not readable here`.trim()}</Quiet> },
];
