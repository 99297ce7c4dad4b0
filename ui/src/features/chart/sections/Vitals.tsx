// Vital signs (FHIR Observation, category vital-signs): one row each, Enter opens the plot.
import type { ObservationGroup } from '@/api/types';
import { ObservationList } from './observations';

export function Vitals({ patientId, groups }: { patientId: string; groups: ObservationGroup[] }) {
  return <ObservationList patientId={patientId} label="Vital signs" what="Vital sign" groups={groups} />;
}
