// Illnesses of relatives (FHIR FamilyMemberHistory).
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function FamilyHistory({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label="Family history" what="Relative" rows={rows} />;
}
