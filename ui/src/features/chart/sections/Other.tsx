// Every record that no other section shows, so that nothing stored is out of sight.
import { t } from '@lingui/core/macro';
import type { PlainRow } from '@/api/types';
import { PlainList } from './PlainList';

export function Other({ patientId, rows }: { patientId: string; rows: PlainRow[] }) {
  return <PlainList patientId={patientId} label={t`Other records`} what={t`Record`} mixed rows={rows} />;
}
