// Laboratory and other results (FHIR Observation), then the reports (DiagnosticReport, ImagingStudy).
import { t } from '@lingui/core/macro';
import type { ObservationGroup, PlainRow } from '@/api/types';
import { ObservationList } from './observations';
import { PlainList } from './PlainList';
import classes from './Results.module.css';
import { Unloaded } from './Unloaded';

type ResultsProps = { patientId: string; groups: ObservationGroup[]; reports: PlainRow[]; unloaded: string };

export function Results({ patientId, groups, reports, unloaded }: ResultsProps) {
  return (
    <div className={classes.results}>
      <Unloaded words={unloaded} />
      {groups.length > 0 && (
        <section aria-label={t`Values`} className={classes.values}>
          <ObservationList patientId={patientId} label={t`Results`} what={t`Result`} groups={groups} />
        </section>
      )}
      {reports.length > 0 && (
        <section aria-label={t`Reports`} className={classes.reports}>
          <h2 className={classes.title}>{t`Reports and imaging ${reports.length}`}</h2>
          <PlainList patientId={patientId} label={t`Reports and imaging`} what={t`Report`} mixed rows={reports} />
        </section>
      )}
    </div>
  );
}
