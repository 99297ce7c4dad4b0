// Operations and other procedures (FHIR Procedure).
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Procedures({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label="Procedures" what="Procedure" rows={rows} />;
}
