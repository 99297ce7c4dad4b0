// Medicines (FHIR MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense), active ones first.
import { t } from '@lingui/core/macro';
import type { MedicationRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { MedicationLine } from '../MedicationLine';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { EntryStepActions } from '../write/EntryStepActions';

export function Medications({ patientId, rows }: { patientId: string; rows: MedicationRow[] }) {
  return (
    <ListWithDetail
      label={t`Medications`}
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
            [t`Medicine`, <MedicationLine key="line" row={row} />],
            ...(row.parts === null ? [] : [[t`As recorded`, row.name] as const]),
            ...(row.text === '' ? [] : [[t`As written`, row.text] as const]),
            [t`Status`, inWords(row.status)],
            [t`Kind`, kindOf(row)],
            [t`When`, moment(row.when.text)],
            [t`By`, row.requester],
            [t`For`, row.reason],
            ...(row.note === '' ? [] : [[t`Note`, row.note] as const]),
            [t`Code`, row.code === '' ? t`Not coded` : row.code],
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
  { key: 'medicine', get header() { return t`Medicine`; }, width: 'minmax(0, 5fr)', cell: (row) => <MedicationLine row={row} /> },
  { key: 'status', get header() { return t`Status`; }, width: '100px', cell: (row) => (row.status === 'entered-in-error' ? <Notice>{t`entered in error`}</Notice> : inWords(row.status)) },
  { key: 'kind', get header() { return t`Kind`; }, width: '110px', cell: (row) => kindOf(row) },
  { key: 'when', get header() { return t`When`; }, width: '128px', cell: (row) => <WhenText when={row.when} /> },
  { key: 'requester', get header() { return t`By`; }, width: 'minmax(0, 1.4fr)', cell: (row) => row.requester },
  { key: 'reason', get header() { return t`For`; }, width: 'minmax(0, 1.6fr)', cell: (row) => (row.reason === '' ? '' : <Quiet>{row.reason}</Quiet>) },
];

const kinds: Record<string, string> = {
  MedicationRequest: 'order',
  get MedicationStatement() { return t`as reported`; },
  MedicationAdministration: 'given',
  MedicationDispense: 'dispensed',
};

function kindOf(row: MedicationRow): string {
  return row.intent === '' ? (kinds[row.resourceType] ?? row.resourceType) : inWords(row.intent);
}
