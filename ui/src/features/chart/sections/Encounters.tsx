// Visits and stays (FHIR Encounter), those that go on first, then newest.
import { t } from '@lingui/core/macro';
import type { EncounterRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { goesOn, isMistake } from '../write/entryKinds';
import { EntryStepActions } from '../write/EntryStepActions';

/** The core's word for the group of elements that the reason is of. */
// eslint-disable-next-line lingui/no-unlocalized-strings -- compared, never shown
const reasons = 'reasons, diagnoses and services';

export function Encounters({ patientId, rows, closed }: { patientId: string; rows: EncounterRow[]; closed: readonly string[] }) {
  const hidden = closed.includes(reasons);
  return (
    <ListWithDetail
      label={t`Encounters`}
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
            [t`From`, moment(row.start.text)],
            [t`To`, moment(row.end.text)],
            [t`Class`, inWords(row.class)],
            [t`Status`, inWords(row.status)],
            [t`Reason`, hidden && row.reason === '' ? t`Not shown to your role` : row.reason],
            [t`Who`, row.practitioner],
            [t`Where`, row.place],
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
  { key: 'kind', get header() { return t`Encounter`; }, width: 'minmax(0, 3fr)', cell: (row) => <strong>{row.kind === '' ? t`Not named` : row.kind}</strong> },
  { key: 'start', get header() { return t`From`; }, width: '136px', cell: (row) => <WhenText when={row.start} /> },
  { key: 'end', get header() { return t`To`; }, width: '136px', cell: (row) => (row.end.iso === '' ? '' : <WhenText when={row.end} />) },
  { key: 'class', get header() { return t`Class`; }, width: '96px', cell: (row) => inWords(row.class) },
  { key: 'reason', get header() { return t`Reason`; }, width: 'minmax(0, 2fr)', cell: (row) => row.reason },
  { key: 'practitioner', get header() { return t`Who`; }, width: 'minmax(0, 1.5fr)', cell: (row) => row.practitioner },
  { key: 'place', get header() { return t`Where`; }, width: 'minmax(0, 1.5fr)', cell: (row) => <Quiet>{row.place}</Quiet> },
  { key: 'status', get header() { return t`Status`; }, width: '90px', cell: (row) => (isMistake(row.status) ? <Notice>{t`entered in error`}</Notice> : goesOn(row.status) ? <strong>{t`open`}</strong> : inWords(row.status)) },
];
