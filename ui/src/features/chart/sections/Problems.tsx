// Problems and diagnoses (FHIR Condition), active ones first.
import { t } from '@lingui/core/macro';
import type { ProblemRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { ProblemActions } from '../write/ProblemActions';

export function Problems({ patientId, rows }: { patientId: string; rows: ProblemRow[] }) {
  return (
    <ListWithDetail
      label={t`Problems`}
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
            [t`Status`, inWords(row.clinicalStatus)],
            [t`Verification`, inWords(row.verificationStatus)],
            [t`Severity`, row.severity],
            [t`Since`, moment(row.onset.text)],
            ...(row.abatement.iso === '' ? [] : [[t`Until`, moment(row.abatement.text)] as const]),
            [t`Category`, inWords(row.category)],
            [t`Code`, row.code === '' ? t`Not coded` : row.code],
            ...(row.note === '' ? [] : [[t`Note`, row.note] as const]),
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
  { key: 'name', get header() { return t`Problem`; }, width: 'minmax(0, 3fr)', cell: (row) => <ProblemName row={row} /> },
  { key: 'status', get header() { return t`Status`; }, width: '110px', cell: (row) => inWords(row.clinicalStatus) },
  { key: 'severity', get header() { return t`Severity`; }, width: '90px', cell: (row) => row.severity },
  { key: 'onset', get header() { return t`Since`; }, width: '100px', cell: (row) => <WhenText when={row.onset} /> },
  { key: 'abatement', get header() { return t`Until`; }, width: '100px', cell: (row) => (row.abatement.iso === '' ? '' : <WhenText when={row.abatement} />) },
  { key: 'note', get header() { return t`Note`; }, width: 'minmax(0, 2fr)', cell: (row) => (row.note === '' ? '' : <Quiet>{row.note}</Quiet>) },
];

/** The name; whoever reads it must see that it is not certain. */
export function ProblemName({ row }: { row: ProblemRow }) {
  const uncertain = row.verificationStatus !== '' && row.verificationStatus !== 'confirmed';
  return (
    <>
      <strong>{row.name === '' ? t`Not named` : row.name}</strong>
      {uncertain && (
        <>
          {' '}
          <Notice>{inWords(row.verificationStatus)}</Notice>
        </>
      )}
    </>
  );
}
