// Who has looked at this chart (FHIR AuditEvent), newest first.
import { t } from '@lingui/core/macro';
import type { AccessRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { DataGrid } from '../grid/DataGrid';
import type { Column } from '../grid/column';
import { joined, Notice } from '../Quiet';

export function Access({ rows }: { rows: AccessRow[] }) {
  return <DataGrid label={t`Who has looked at this chart`} rows={rows} columns={columns} rowKey={accessKey} searchText={accessText} />;
}

const accessKey = (row: AccessRow) => String(row.sequence);
const accessText = (row: AccessRow) => joined(row.recorded, row.who, row.role, row.what, row.purpose, row.outcome);

const columns: Column<AccessRow>[] = [
  { key: 'who', get header() { return t`Who`; }, width: 'minmax(0, 2fr)', cell: (row) => <strong>{row.who}</strong> },
  { key: 'role', get header() { return t`Role`; }, width: '130px', cell: (row) => row.role },
  { key: 'recorded', get header() { return t`When`; }, width: '170px', cell: (row) => moment(row.recorded) },
  { key: 'what', get header() { return t`What`; }, width: 'minmax(0, 3fr)', cell: (row) => row.what },
  { key: 'purpose', get header() { return t`Purpose`; }, width: 'minmax(0, 1.5fr)', cell: (row) => row.purpose },
  { key: 'outcome', get header() { return t`Outcome`; }, width: '90px', cell: (row) => (row.outcome === 'done' ? row.outcome : <Notice>{row.outcome}</Notice>) },
  { key: 'sequence', get header() { return t`Entry`; }, width: '70px', align: 'right', cell: (row) => row.sequence },
];
