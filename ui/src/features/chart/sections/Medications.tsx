// Medicines (FHIR MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense), active ones first.
import type { MedicationRow } from '@/api/types';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { MedicationLine } from '../MedicationLine';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { EntryStepActions } from '../write/EntryStepActions';

export function Medications({ patientId, rows }: { patientId: string; rows: MedicationRow[] }) {
  return (
    <ListWithDetail
      label="Medications"
      beside={beside}
      rows={rows}
      columns={columns}
      rowKey={medicationKey}
      searchText={medicationText}
      isPast={isPast}
      detail={(row, close) => (
        <DetailPane
          title={row.parts?.ingredient ?? row.name}
          onClose={close}
          facts={[
            ['Medicine', <MedicationLine key="line" row={row} />],
            ...(row.parts === null ? [] : [['As recorded', row.name] as const]),
            ...(row.text === '' ? [] : [['As written', row.text] as const]),
            ['Status', inWords(row.status)],
            ['Kind', kindOf(row)],
            ['When', row.when.text],
            ['By', row.requester],
            ['For', row.reason],
            ...(row.note === '' ? [] : [['Note', row.note] as const]),
            ['Code', row.code === '' ? 'Not coded' : row.code],
          ]}
          stored={{ patientId, resourceType: row.resourceType, id: row.id }}
        >
          <EntryStepActions row={row} />
        </DetailPane>
      )}
    />
  );
}

const beside = new Set(['medicine', 'status', 'when']);
export const medicationKey = (row: MedicationRow) => `${row.resourceType}/${row.id}`;
export const medicationText = (row: MedicationRow) =>
  joined(row.name, row.code, row.dose, row.route, row.frequency, row.text, row.status, row.requester, row.reason, row.when.text, kindOf(row));
const isPast = (row: MedicationRow) => !row.active;

const columns: Column<MedicationRow>[] = [
  { key: 'medicine', header: 'Medicine', width: 'minmax(0, 5fr)', cell: (row) => <MedicationLine row={row} /> },
  { key: 'status', header: 'Status', width: '100px', cell: (row) => (row.status === 'entered-in-error' ? <Notice>entered in error</Notice> : inWords(row.status)) },
  { key: 'kind', header: 'Kind', width: '110px', cell: (row) => kindOf(row) },
  { key: 'when', header: 'When', width: '128px', cell: (row) => <WhenText when={row.when} /> },
  { key: 'requester', header: 'By', width: 'minmax(0, 1.4fr)', cell: (row) => row.requester },
  { key: 'reason', header: 'For', width: 'minmax(0, 1.6fr)', cell: (row) => (row.reason === '' ? '' : <Quiet>{row.reason}</Quiet>) },
];

const kinds: Record<string, string> = {
  MedicationRequest: 'order',
  MedicationStatement: 'as reported',
  MedicationAdministration: 'given',
  MedicationDispense: 'dispensed',
};

function kindOf(row: MedicationRow): string {
  return row.intent === '' ? (kinds[row.resourceType] ?? row.resourceType) : inWords(row.intent);
}
