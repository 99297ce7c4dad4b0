// Vaccines given or refused (FHIR Immunization).
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Immunizations({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Immunizations`} what={t`Vaccine`} rows={rows} />;
}
