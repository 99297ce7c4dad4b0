// What came of a write: what was stored, which can be taken back at once, or why nothing was. What was typed stays where it is.
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { failureOf } from '@/api/client';
import type { WrittenView } from '@/api/types';
import { useChartReadAgain, useWriteUndo } from '@/api/writes';
import { sentence } from '@/components/StateView';
import classes from './write.module.css';

/** `onConfirm`: records what is hardly possible all the same. `final`: it is not taken back. */
type OutcomeProps = { patientId: string; final?: boolean; data: WrittenView | undefined; error: unknown; mistake?: string | undefined; confirm?: { label: string; onConfirm(): void } };

export function Outcome({ patientId, final = false, data, error, mistake, confirm }: OutcomeProps) {
  const again = useChartReadAgain(patientId);
  const undo = useWriteUndo(patientId);
  // Another write than the one that was taken back.
  const [undone, setUndone] = useState<WrittenView>();
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
        {data === undefined || failure !== null ? '' : undone === data ? t`Taken back. What was before stands again.` : t`Stored: ${data.lines.join('; ')}`}
        {data === undefined || failure !== null || final || undone === data ? null : (
          <>
            {' '}
            <button
              type="button"
              className={classes.button}
              disabled={undo.isPending}
              onClick={() => undo.mutate({ patientId, chartOnScreen: patientId }, { onSuccess: () => setUndone(data) })}
            >
              {t`Undo`}
            </button>
          </>
        )}
      </p>
      {undo.isError ? <p role="alert" className={classes.problem}>{t`Not taken back. ${sentence(failureOf(undo.error).message)}`}</p> : null}
    </>
  );
}
