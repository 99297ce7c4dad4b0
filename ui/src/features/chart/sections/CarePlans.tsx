// What is planned, and towards what (FHIR CarePlan, Goal).
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function CarePlans({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Care plans`} what={t`Plan or goal`} mixed rows={rows} />;
}
