// What whoever meets the patient has to know first (FHIR Flag), those that stand first.
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Flags({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Patient flags`} what={t`Flag`} rows={rows} />;
}
