// Visits and stays (FHIR Encounter), those that go on first, then newest.
import type { EncounterRow } from '@/api/types';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { goesOn, isMistake } from '../write/entryKinds';
import { EntryStepActions } from '../write/EntryStepActions';

export function Encounters({ patientId, rows }: { patientId: string; rows: EncounterRow[] }) {
  return (
    <ListWithDetail
      label="Encounters"
      beside={beside}
      rows={rows}
      columns={columns}
      rowKey={encounterKey}
      searchText={encounterText}
      detail={(row, close) => (
        <DetailPane
          title={row.kind}
          onClose={close}
          facts={[
            ['From', row.start.text],
            ['To', row.end.text],
            ['Class', inWords(row.class)],
            ['Status', inWords(row.status)],
            ['Reason', row.reason],
            ['Who', row.practitioner],
            ['Where', row.place],
          ]}
          stored={{ patientId, resourceType: 'Encounter', id: row.id }}
        >
          <EntryStepActions row={{ ...row, resourceType: 'Encounter' }} />
        </DetailPane>
      )}
    />
  );
}

/** What stays in sight beside the detail, which says the rest. */
const beside = new Set(['kind', 'start', 'end', 'status']);
const encounterKey = (row: EncounterRow) => row.id;
const encounterText = (row: EncounterRow) =>
  joined(row.kind, row.class, row.reason, row.practitioner, row.place, row.status, row.start.text);

const columns: Column<EncounterRow>[] = [
  { key: 'kind', header: 'Encounter', width: 'minmax(0, 3fr)', cell: (row) => <strong>{row.kind === '' ? 'Not named' : row.kind}</strong> },
  { key: 'start', header: 'From', width: '136px', cell: (row) => <WhenText when={row.start} /> },
  { key: 'end', header: 'To', width: '136px', cell: (row) => (row.end.iso === '' ? '' : <WhenText when={row.end} />) },
  { key: 'class', header: 'Class', width: '96px', cell: (row) => inWords(row.class) },
  { key: 'reason', header: 'Reason', width: 'minmax(0, 2fr)', cell: (row) => row.reason },
  { key: 'practitioner', header: 'Who', width: 'minmax(0, 1.5fr)', cell: (row) => row.practitioner },
  { key: 'place', header: 'Where', width: 'minmax(0, 1.5fr)', cell: (row) => <Quiet>{row.place}</Quiet> },
  { key: 'status', header: 'Status', width: '90px', cell: (row) => (isMistake(row.status) ? <Notice>entered in error</Notice> : goesOn(row.status) ? <strong>open</strong> : inWords(row.status)) },
];
