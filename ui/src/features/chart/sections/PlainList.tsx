// Title, when, status and more: the list for everything that needs no columns of its own.
import { t } from '@lingui/core/macro';
import type { PlainRow, Section } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { bare, isMistake } from '../write/entryKinds';
import { EntryStepActions } from '../write/EntryStepActions';

type PlainListProps = {
  patientId: string;
  label: string;
  rows: readonly PlainRow[];
  /** What the first column is called. */
  what: string;
  /** Whether rows of several resource types are mixed, so that each says its own. */
  mixed?: boolean;
  /** What the last column is called. */
  more?: string;
  /** The page, of a resource type that several pages show. */
  section?: Section;
};

export function PlainList({ patientId, label, rows, what, mixed = false, more = t`More`, section }: PlainListProps) {
  return (
    <ListWithDetail
      label={label}
      beside={beside}
      rows={rows}
      columns={mixed ? mixedColumns(what, more) : columns(what, more)}
      rowKey={plainKey}
      searchText={plainText}
      isPast={isOver}
      detail={(row, close) => (
        <DetailPane
          title={row.title}
          onClose={close}
          facts={[
            [t`When`, moment(row.when.text)],
            [t`Status`, inWords(row.status)],
            [t`Code`, row.code === '' ? t`Not coded` : row.code],
            ...row.facts.map(({ label: name, value }) => [name, value] as const),
            ...(row.detail === '' || row.facts.length > 0 ? [] : [[more, row.detail] as const]),
          ]}
          stored={{ patientId, resourceType: row.resourceType, id: row.id, ...(section === undefined ? {} : { section }) }}
        >
          <EntryStepActions row={row} />
        </DetailPane>
      )}
    />
  );
}

const beside = new Set(['title', 'when', 'status']);
export const plainKey = (row: PlainRow) => `${row.resourceType}/${row.id}`;
const plainText = (row: PlainRow) => joined(row.title, row.code, row.when.text, row.status, row.detail, row.resourceType);

const over = new Set(['entered-in-error', 'not-done', 'cancelled', 'revoked', 'inactive', 'completed-in-error']);
/** A procedure or a vaccine that is completed counts on; a goal that is reached does not. */
const isOver = (row: PlainRow) => over.has(bare(row.status)) || (row.resourceType === 'Goal' && row.status === 'completed');

const columns = (what: string, more: string): Column<PlainRow>[] => [
  { key: 'title', header: what, width: 'minmax(0, 3fr)', cell: (row) => <strong>{row.title === '' ? t`Not named` : row.title}</strong> },
  { key: 'when', header: t`When`, width: '128px', cell: (row) => <WhenText when={row.when} /> },
  { key: 'status', header: t`Status`, width: '100px', cell: (row) => (isMistake(row.status) ? <Notice>{t`entered in error`}</Notice> : inWords(row.status)) },
  { key: 'detail', header: more, width: 'minmax(0, 3fr)', cell: (row) => <Quiet>{row.detail}</Quiet> },
];

const mixedColumns = (what: string, more: string): Column<PlainRow>[] => {
  const [title, ...rest] = columns(what, more);
  const kind: Column<PlainRow> = { key: 'kind', header: t`Kind`, width: '150px', cell: (row) => spaced(row.resourceType) };
  return title === undefined ? [kind, ...rest] : [title, kind, ...rest];
};

/** `ExplanationOfBenefit` as `Explanation of benefit`. */
export function spaced(resourceType: string): string {
  const words = resourceType.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
