// How the patient lives (FHIR Observation, category social-history), the latest of each kind first.
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function SocialHistory({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Social history`} what={t`What was observed`} more={t`Finding`} section="social-history" rows={rows} />;
}
