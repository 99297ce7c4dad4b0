// Implanted and used devices (FHIR Device).
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Devices({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label="Devices" what="Device" rows={rows} />;
}
