// Who has looked at this chart (FHIR AuditEvent), newest first.
import type { AccessRow } from '@/api/types';
import { DataGrid } from '../grid/DataGrid';
import type { Column } from '../grid/column';
import { joined, Notice } from '../Quiet';

export function Access({ rows }: { rows: AccessRow[] }) {
  return <DataGrid label="Who has looked at this chart" rows={rows} columns={columns} rowKey={accessKey} searchText={accessText} />;
}

const accessKey = (row: AccessRow) => String(row.sequence);
const accessText = (row: AccessRow) => joined(row.recorded, row.who, row.role, row.what, row.purpose, row.outcome);

const columns: Column<AccessRow>[] = [
  { key: 'who', header: 'Who', width: 'minmax(0, 2fr)', cell: (row) => <strong>{row.who}</strong> },
  { key: 'role', header: 'Role', width: '130px', cell: (row) => row.role },
  { key: 'recorded', header: 'When', width: '170px', cell: (row) => row.recorded },
  { key: 'what', header: 'What', width: 'minmax(0, 3fr)', cell: (row) => row.what },
  { key: 'purpose', header: 'Purpose', width: 'minmax(0, 1.5fr)', cell: (row) => row.purpose },
  { key: 'outcome', header: 'Outcome', width: '90px', cell: (row) => (row.outcome === 'done' ? row.outcome : <Notice>{row.outcome}</Notice>) },
  { key: 'sequence', header: 'Entry', width: '70px', align: 'right', cell: (row) => row.sequence },
];
