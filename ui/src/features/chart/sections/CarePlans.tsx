// What is planned, towards what, by whom (FHIR CarePlan, Goal, CareTeam).
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function CarePlans({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label="Care plans" what="Plan, goal or team" mixed rows={rows} />;
}
