// Problems and diagnoses (FHIR Condition), active ones first.
import type { ProblemRow } from '@/api/types';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { ProblemActions } from '../write/ProblemActions';

export function Problems({ patientId, rows }: { patientId: string; rows: ProblemRow[] }) {
  return (
    <ListWithDetail
      label="Problems"
      beside={beside}
      rows={rows}
      columns={columns}
      rowKey={problemKey}
      searchText={problemText}
      isPast={isPast}
      detail={(row, close) => (
        <DetailPane
          title={row.name}
          onClose={close}
          facts={[
            ['Status', inWords(row.clinicalStatus)],
            ['Verification', inWords(row.verificationStatus)],
            ['Severity', row.severity],
            ['Since', row.onset.text],
            ...(row.abatement.iso === '' ? [] : [['Until', row.abatement.text] as const]),
            ['Category', inWords(row.category)],
            ['Code', row.code === '' ? 'Not coded' : row.code],
            ...(row.note === '' ? [] : [['Note', row.note] as const]),
          ]}
          stored={{ patientId, resourceType: 'Condition', id: row.id }}
        >
          <ProblemActions row={row} />
        </DetailPane>
      )}
    />
  );
}

const beside = new Set(['name', 'status', 'onset']);
export const problemKey = (row: ProblemRow) => row.id;
export const problemText = (row: ProblemRow) =>
  joined(row.name, row.code, row.clinicalStatus, row.category, row.severity, row.onset.text, row.note);
const isPast = (row: ProblemRow) => !row.active;

const columns: Column<ProblemRow>[] = [
  { key: 'name', header: 'Problem', width: 'minmax(0, 3fr)', cell: (row) => <ProblemName row={row} /> },
  { key: 'status', header: 'Status', width: '110px', cell: (row) => inWords(row.clinicalStatus) },
  { key: 'severity', header: 'Severity', width: '90px', cell: (row) => row.severity },
  { key: 'onset', header: 'Since', width: '100px', cell: (row) => <WhenText when={row.onset} /> },
  { key: 'abatement', header: 'Until', width: '100px', cell: (row) => (row.abatement.iso === '' ? '' : <WhenText when={row.abatement} />) },
  { key: 'note', header: 'Note', width: 'minmax(0, 2fr)', cell: (row) => (row.note === '' ? '' : <Quiet>{row.note}</Quiet>) },
];

/** The name; whoever reads it must see that it is not certain. */
export function ProblemName({ row }: { row: ProblemRow }) {
  const uncertain = row.verificationStatus !== '' && row.verificationStatus !== 'confirmed';
  return (
    <>
      <strong>{row.name === '' ? 'Not named' : row.name}</strong>
      {uncertain && (
        <>
          {' '}
          <Notice>{inWords(row.verificationStatus)}</Notice>
        </>
      )}
    </>
  );
}
