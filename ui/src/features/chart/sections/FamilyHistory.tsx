// Illnesses of relatives (FHIR FamilyMemberHistory).
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function FamilyHistory({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Family history`} what={t`Relative`} rows={rows} />;
}
