// Operations and other procedures (FHIR Procedure).
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Procedures({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Procedures`} what={t`Procedure`} rows={rows} />;
}
