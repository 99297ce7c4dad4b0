// What the patient asks to be amended (FHIR Task; 45 CFR 164.526), open requests first.
import { t } from '@lingui/core/macro';
import type { AmendmentRow, SectionContent } from '@/api/types';
import { AmendmentText } from '../amendment/AmendmentText';
import { Decide } from '../amendment/Decide';
import { Disagree } from '../amendment/Disagree';
import { aboutOf, isOpen, statusWords } from '../amendment/words';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { joined, Notice, WhenText } from '../Quiet';
import { useWrites } from '../write/whose';

type AmendmentsProps = { patientId: string; content: Extract<SectionContent, { section: 'amendments' }> };

export function Amendments({ patientId, content: { rows, notes, decides } }: AmendmentsProps) {
  const whose = useWrites('amendments');
  return (
    <ListWithDetail
      wide
      label={t`Amendments`}
      beside={beside}
      rows={rows}
      columns={columns}
      rowKey={amendmentKey}
      searchText={amendmentText}
      isPast={isPast}
      detail={(row, close) => (
        <DetailPane title={aboutOf(row)} onClose={close} facts={[[t`Amended by`, titleOf(row.amendment, notes) ?? (row.amendment === null ? t`No note` : t`A note that is not shown to you`)]]}>
          <AmendmentText row={row} />
          {whose === null ? null : <Disagree key={`disagree ${row.id}`} patientId={patientId} name={whose.name} row={row} />}
          {whose === null || !decides ? null : <Decide key={`decide ${row.id} ${row.status}`} patientId={patientId} name={whose.name} row={row} notes={notes} />}
        </DetailPane>
      )}
    />
  );
}

const titleOf = (id: string | null, notes: readonly { id: string; title: string }[]) => notes.find((note) => note.id === id)?.title;

const beside = new Set(['about', 'status']);
const amendmentKey = (row: AmendmentRow) => row.id;
const amendmentText = (row: AmendmentRow) => joined(row.about ?? '', row.asked ?? '', row.received.text, row.due.text, statusWords[row.status]);
const isPast = (row: AmendmentRow) => !isOpen(row);

const columns: Column<AmendmentRow>[] = [
  { key: 'about', get header() { return t`About`; }, width: 'minmax(0, 3fr)', cell: (row) => <strong>{aboutOf(row)}</strong> },
  { key: 'received', get header() { return t`Received`; }, width: '110px', cell: (row) => <WhenText when={row.received} /> },
  { key: 'due', get header() { return t`Due`; }, width: '110px', cell: (row) => (isOpen(row) ? <WhenText when={row.due} /> : '') },
  { key: 'status', get header() { return t`Status`; }, width: 'minmax(120px, 1fr)', cell: (row) => (isOpen(row) ? <Notice>{statusWords[row.status]}</Notice> : statusWords[row.status]) },
];
