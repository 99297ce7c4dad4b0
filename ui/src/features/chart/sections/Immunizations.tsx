// Vaccines given or refused (FHIR Immunization).
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Immunizations({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label="Immunizations" what="Vaccine" rows={rows} />;
}
