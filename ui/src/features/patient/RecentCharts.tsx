// The charts this user opened lately.
import { t } from '@lingui/core/macro';
import { usePatientRecent } from '@/api/queries';
import type { PatientRow } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { PatientTable } from './PatientTable';
import classes from './patient.module.css';

export function RecentCharts({ onOpen }: { onOpen: (row: PatientRow) => void }) {
  const recent = usePatientRecent();
  return (
    <section aria-labelledby="recent-charts">
      <h2 className={classes.subheading} id="recent-charts">
        {t`Opened by you lately`}
      </h2>
      <StateView
        read={recent}
        what={t`your recent charts`}
        isEmpty={(rows) => rows.length === 0}
        empty={<Empty title={t`No chart opened yet`} hint={t`The charts that you open appear here. Press Ctrl+K to find a patient.`} />}
      >
        {(rows) => <PatientTable label={t`Recent charts`} rows={rows} onOpen={onOpen} />}
      </StateView>
    </section>
  );
}
