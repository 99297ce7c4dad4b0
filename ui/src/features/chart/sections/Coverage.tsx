// Who pays, and what was claimed (FHIR Coverage, Claim, ExplanationOfBenefit).
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Coverage({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Coverage and claims`} what={t`Coverage or claim`} mixed rows={rows} />;
}
