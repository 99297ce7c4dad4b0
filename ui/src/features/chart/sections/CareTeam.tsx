// Who takes part in the care (FHIR CareTeam): one row for each member, those who take part now first.
import { t } from '@lingui/core/macro';
import type { CareTeamRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { isMistake } from '../write/entryKinds';
import { EntryStepActions } from '../write/EntryStepActions';
import classes from '../write/write.module.css';

export function CareTeam({ patientId, rows }: { patientId: string; rows: CareTeamRow[] }) {
  return (
    <ListWithDetail
      label={t`Care team`}
      beside={beside}
      rows={rows}
      columns={columns}
      rowKey={memberKey}
      searchText={(row) => joined(row.member, row.role, row.team, row.status, row.note)}
      isPast={(row) => past.has(row.status)}
      detail={(row, close) => (
        <DetailPane
          title={row.member}
          onClose={close}
          facts={[
            [t`Role`, row.role],
            [t`Since`, moment(row.start.text)],
            [t`Until`, row.end.iso === '' ? t`No end is known` : moment(row.end.text)],
            [t`Status`, inWords(row.status)],
            ...(row.team === '' ? [] : [[t`Team`, row.team] as const]),
            ...(row.note === '' ? [] : [[t`Note`, row.note] as const]),
          ]}
          stored={{ patientId, resourceType: 'CareTeam', id: row.id }}
        >
          {row.alone ? <EntryStepActions row={{ ...row, resourceType: 'CareTeam' }} /> : <p className={classes.quiet}>{t`This team came from elsewhere with several members: who sent it changes it.`}</p>}
        </DetailPane>
      )}
    />
  );
}

const past = new Set(['entered-in-error', 'inactive', 'left']);
const beside = new Set(['member', 'role', 'status']);
const memberKey = (row: CareTeamRow) => `${row.id}/${row.place}`;

const columns: Column<CareTeamRow>[] = [
  { key: 'member', get header() { return t`Member`; }, width: 'minmax(0, 2fr)', cell: (row) => <strong>{row.member}</strong> },
  { key: 'role', get header() { return t`Role`; }, width: 'minmax(0, 1.5fr)', cell: (row) => row.role },
  { key: 'start', get header() { return t`Since`; }, width: '136px', cell: (row) => <WhenText when={row.start} /> },
  { key: 'end', get header() { return t`Until`; }, width: '136px', cell: (row) => (row.end.iso === '' ? '' : <WhenText when={row.end} />) },
  { key: 'status', get header() { return t`Status`; }, width: '110px', cell: (row) => (isMistake(row.status) ? <Notice>{t`entered in error`}</Notice> : inWords(row.status)) },
  { key: 'team', get header() { return t`Team`; }, width: 'minmax(0, 1.5fr)', cell: (row) => <Quiet>{joined(row.team, row.note)}</Quiet> },
];
