// Allergies and intolerances (FHIR AllergyIntolerance), the most dangerous first; without rows, the state of the list.
import { t } from '@lingui/core/macro';
import type { AllergyBanner, AllergyRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
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
      label={t`Allergies`}
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
            [t`Reactions`, row.reactions.join('\n')],
            [t`Criticality`, inWords(row.criticality)],
            [t`Kind`, inWords(row.kind)],
            [t`Category`, categories(row.category)],
            [t`Status`, inWords(row.clinicalStatus)],
            [t`Verification`, inWords(row.verificationStatus)],
            [t`Recorded`, moment(row.recorded.text)],
            [t`Code`, row.code === '' ? t`Not coded` : row.code],
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
  { key: 'agent', get header() { return t`Agent`; }, width: 'minmax(0, 2fr)', cell: (row) => <strong>{row.agent === '' ? t`Agent not named` : row.agent}</strong> },
  { key: 'reactions', get header() { return t`Reactions`; }, width: 'minmax(0, 3fr)', cell: (row) => (row.reactions.length === 0 ? t`Reaction not recorded` : row.reactions.join(', ')) },
  {
    key: 'criticality',
    get header() { return t`Criticality`; },
    width: '110px',
    cell: (row) => (row.criticality === 'high' ? <strong className={classes.high}>{t`high`}</strong> : inWords(row.criticality)),
  },
  { key: 'kind', get header() { return t`Kind`; }, width: '100px', cell: (row) => inWords(row.kind) },
  { key: 'category', get header() { return t`Category`; }, width: '110px', cell: (row) => categories(row.category) },
  { key: 'status', get header() { return t`Status`; }, width: '90px', cell: (row) => inWords(row.clinicalStatus) },
  { key: 'verification', get header() { return t`Verification`; }, width: '120px', cell: (row) => <Verification status={row.verificationStatus} /> },
  { key: 'recorded', get header() { return t`Recorded`; }, width: '128px', cell: (row) => <WhenText when={row.recorded} /> },
];

/** `food, medication`: FHIR allows several. */
const categories = (codes: string) => codes.split(', ').map(inWords).join(', ');

function Verification({ status }: { status: string }) {
  if (status === '') return t`Not known`;
  return status === 'confirmed' ? inWords(status) : <Notice>{inWords(status)}</Notice>;
}
