// What came of a write: what was stored, or why nothing was. What was typed stays where it is.
import { t } from '@lingui/core/macro';
import { failureOf } from '@/api/client';
import type { WrittenView } from '@/api/types';
import { useChartReadAgain } from '@/api/writes';
import { sentence } from '@/components/StateView';
import classes from './write.module.css';

/** `onConfirm`: records what is hardly possible all the same. */
type OutcomeProps = { patientId: string; data: WrittenView | undefined; error: unknown; mistake?: string | undefined; confirm?: { label: string; onConfirm(): void } };

export function Outcome({ patientId, data, error, mistake, confirm }: OutcomeProps) {
  const again = useChartReadAgain(patientId);
  const failure = error === null || error === undefined ? null : failureOf(error);
  return (
    <>
      <div role="alert" className={classes.problem}>
        {mistake ?? (failure === null ? '' : sentence(failure.message))}
        {mistake === undefined && failure?.code === 'version-conflict' ? (
          <>
            {' '}
            <button type="button" className={classes.button} onClick={again}>
              {t`Read this chart again`}
            </button>
          </>
        ) : null}
        {mistake === undefined && failure?.code === 'implausible' && confirm !== undefined ? (
          <>
            {' '}
            <button type="button" className={classes.button} onClick={confirm.onConfirm}>
              {confirm.label}
            </button>
          </>
        ) : null}
      </div>
      <p role="status" className={classes.done}>
        {data === undefined || failure !== null ? '' : t`Stored: ${data.lines.join('; ')}`}
      </p>
    </>
  );
}
