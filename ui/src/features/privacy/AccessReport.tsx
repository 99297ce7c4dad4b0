// One report: its counts, the filter by flags, and the table.
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { saveAccessReport, saveOwnAccessReport } from '@/api/reportFiles';
import { useAccessReport } from '@/api/reportQueries';
import type { AccessReportSelection, AccessReportView, ReportAbout, ReportColumn } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import { FlaggedOnly, FlagLegend } from './AccessFlags';
import { AccessReportTable } from './AccessReportTable';
import { SaveReport } from './SaveReport';
import classes from './reports.module.css';

type Props = { about: ReportAbout; from: string; until: string; onShow: (about: ReportAbout) => void };

export function AccessReport({ about, from, until, onShow }: Props) {
  const [flaggedOnly, setFlaggedOnly] = useState(false);
  const [order, setOrder] = useState<{ sort: ReportColumn; descending: boolean }>({ sort: 'recorded', descending: true });
  const selection: AccessReportSelection = { about, from, until, flaggedOnly, ...order };
  const report = useAccessReport(selection);
  const narrowed = flaggedOnly || from !== '' || until !== '';

  function sortBy(column: ReportColumn) {
    // What is newest or flagged comes first; words begin with A.
    const first = column === 'recorded' || column === 'entry' || column === 'flags';
    setOrder(order.sort === column ? { sort: column, descending: !order.descending } : { sort: column, descending: first });
  }

  return (
    <StateView read={report} what={t`the report`} stillTrue={t`Nothing of it was shown; the attempt is on record.`}>
      {(view) => (
        <>
          <h2 className={classes.subheading}>{moment(view.about)}</h2>
          <div className={classes.counts}>
            <span role="status">{counted(view, flaggedOnly)}</span>
            <FlaggedOnly id="report-flagged" checked={flaggedOnly} onChange={setFlaggedOnly} />
            <FlagLegend />
          </div>
          <div className={classes.counts}>
            <SaveReport
              label={t`Save this report`}
              files={[{ label: 'CSV', suggested: 'access-report.csv', save: (path) => saveAccessReport({ selection, path }) }]}
            />
            {about.kind === 'patient' ? <OwnReport patientId={about.patientId} from={from} until={until} /> : null}
          </div>
          {view.total === 0 ? (
            <Empty
              title={flaggedOnly ? t`No flagged access` : about.kind === 'patient' ? t`Nobody looked` : t`This user did nothing here`}
              hint={narrowed ? t`Ask for a longer period, or show what carries no flag as well.` : t`Each access appears here as soon as it is on record.`}
            />
          ) : (
            <AccessReportTable
              selection={selection}
              first={view}
              busy={report.isPlaceholderData}
              onSort={sortBy}
              onShow={onShow}
            />
          )}
        </>
      )}
    </StateView>
  );
}

/** For the patient: the same accesses, in words for somebody who does not work here. */
function OwnReport({ patientId, from, until }: { patientId: string; from: string; until: string }) {
  const period = { patientId, from, until };
  return (
    <SaveReport
      label={t`The patient’s own copy`}
      files={[
        { label: 'PDF', suggested: 'who-looked-at-my-record.pdf', save: (path) => saveOwnAccessReport({ ...period, form: 'pdf', path }) },
        { label: 'CSV', suggested: 'who-looked-at-my-record.csv', save: (path) => saveOwnAccessReport({ ...period, form: 'csv', path }) },
      ]}
    />
  );
}

function counted(view: AccessReportView, flaggedOnly: boolean): string {
  
  if (flaggedOnly) return t`${number(view.total)} flagged`;
  return t`${number(view.total)} in all, ${number(view.flagged)} flagged`;
}
