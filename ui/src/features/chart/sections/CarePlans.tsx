// What is planned, towards what, by whom (FHIR CarePlan, Goal, CareTeam).
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function CarePlans({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Care plans`} what={t`Plan, goal or team`} mixed rows={rows} />;
}
