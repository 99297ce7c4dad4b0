// For how long the oldest entry of each workstation waits: what waits is not at the server, and no rule has seen it.
import { t } from '@lingui/core/macro';
import type { FleetDeviceRow } from '@/api/types';
import { number } from '@/lib/language/number';
import { entries } from '@/lib/syncWords';
import { AcrossBars } from './plot/AcrossBars';
import { Twin } from './plot/Twin';
import { spanWords } from './ruleWords';

export function QueueAges({ rows }: { rows: FleetDeviceRow[] }) {
  const waiting = rows.filter((row) => row.queuedMinutes !== null).sort((a, b) => (b.queuedMinutes ?? 0) - (a.queuedMinutes ?? 0));
  const age = (row: FleetDeviceRow) => spanWords((row.queuedMinutes ?? 0) * 60);
  return (
    <Twin
      name="queue"
      title={t`Age of what waits, by workstation`}
      nothing={t`Nothing waits on any workstation: the server has every entry.`}
      plot={<AcrossBars label={t`Age of the oldest entry that waits, by workstation`} bars={waiting.map((row) => ({ key: row.enrolment, name: row.host, plain: row.queuedMinutes ?? 0, hatched: 0, words: `${age(row)}, ${entries(row.queued)}` }))} />}
      columns={[{ header: t`Workstation` }, { header: t`Oldest waits for` }, { header: t`Entries`, number: true }]}
      rows={waiting.map((row) => ({ key: row.enrolment, cells: [row.host, age(row), number(row.queued)] }))}
    />
  );
}
