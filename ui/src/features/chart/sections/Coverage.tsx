// Who pays, and what was claimed (FHIR Coverage, Claim, ExplanationOfBenefit).
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Coverage({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label="Coverage and claims" what="Coverage or claim" mixed rows={rows} />;
}
