// Vital signs (FHIR Observation, category vital-signs): one row each, Enter opens the plot.
import { t } from '@lingui/core/macro';
import type { EarlyWarningView, ObservationGroup } from '@/api/types';
import { EarlyWarning } from '../EarlyWarning';
import classes from '../EarlyWarning.module.css';
import { ObservationList } from './observations';
import { Unloaded } from './Unloaded';

type VitalsProps = { patientId: string; groups: ObservationGroup[]; warning: EarlyWarningView | null; unloaded: string };

export function Vitals({ patientId, groups, warning, unloaded }: VitalsProps) {
  return (
    <>
      <Unloaded words={unloaded} />
      {warning !== null && <EarlyWarning warning={warning} />}
      <div className={classes.under}>
        <ObservationList patientId={patientId} label={t`Vital signs`} what={t`Vital sign`} groups={groups} />
      </div>
    </>
  );
}
