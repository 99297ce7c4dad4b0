// Allergies and intolerances (FHIR AllergyIntolerance), the most dangerous first; without rows, the state of the list.
import type { AllergyBanner, AllergyRow } from '@/api/types';
import { AllergyState } from '../AllergyState';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, WhenText } from '../Quiet';
import { emptyWords } from '../sectionWords';
import { AllergyActions } from '../write/AllergyActions';
import classes from './Allergies.module.css';

type AllergiesProps = { patientId: string; banner: AllergyBanner; rows: AllergyRow[] };

export function Allergies({ patientId, banner, rows }: AllergiesProps) {
  if (rows.length === 0) {
    return (
      <div className={classes.state}>
        <AllergyState banner={banner} />
        <p className={classes.words}>{emptyWords.allergies}</p>
      </div>
    );
  }
  return (
    <ListWithDetail
      label="Allergies"
      beside={beside}
      rows={rows}
      columns={columns}
      rowKey={allergyKey}
      searchText={allergyText}
      isPast={isPast}
      detail={(row, close) => (
        <DetailPane
          title={row.agent}
          onClose={close}
          facts={[
            ['Reactions', row.reactions.join('\n')],
            ['Criticality', inWords(row.criticality)],
            ['Kind', inWords(row.kind)],
            ['Category', row.category],
            ['Status', inWords(row.clinicalStatus)],
            ['Verification', inWords(row.verificationStatus)],
            ['Recorded', row.recorded.text],
            ['Code', row.code === '' ? 'Not coded' : row.code],
          ]}
          stored={{ patientId, resourceType: 'AllergyIntolerance', id: row.id }}
        >
          <AllergyActions row={row} />
        </DetailPane>
      )}
    />
  );
}

const beside = new Set(['agent', 'reactions', 'criticality', 'status']);
const allergyKey = (row: AllergyRow) => row.id;
const allergyText = (row: AllergyRow) =>
  joined(row.agent, row.code, row.category, row.kind, row.criticality, ...row.reactions, row.clinicalStatus, row.verificationStatus);
const isPast = (row: AllergyRow) =>
  row.clinicalStatus === 'inactive' || row.clinicalStatus === 'resolved' || doubted.has(row.verificationStatus);
const doubted = new Set(['refuted', 'entered-in-error']);

const columns: Column<AllergyRow>[] = [
  { key: 'agent', header: 'Agent', width: 'minmax(0, 2fr)', cell: (row) => <strong>{row.agent === '' ? 'Agent not named' : row.agent}</strong> },
  { key: 'reactions', header: 'Reactions', width: 'minmax(0, 3fr)', cell: (row) => (row.reactions.length === 0 ? 'Reaction not recorded' : row.reactions.join(', ')) },
  {
    key: 'criticality',
    header: 'Criticality',
    width: '110px',
    cell: (row) => (row.criticality === 'high' ? <strong className={classes.high}>high</strong> : inWords(row.criticality)),
  },
  { key: 'kind', header: 'Kind', width: '100px', cell: (row) => inWords(row.kind) },
  { key: 'category', header: 'Category', width: '110px', cell: (row) => row.category },
  { key: 'status', header: 'Status', width: '90px', cell: (row) => inWords(row.clinicalStatus) },
  { key: 'verification', header: 'Verification', width: '120px', cell: (row) => <Verification status={row.verificationStatus} /> },
  { key: 'recorded', header: 'Recorded', width: '128px', cell: (row) => <WhenText when={row.recorded} /> },
];

function Verification({ status }: { status: string }) {
  if (status === '') return 'Not known';
  return status === 'confirmed' ? status : <Notice>{inWords(status)}</Notice>;
}
