// What can be done with an open problem.
import { t } from '@lingui/core/macro';
import type { ProblemRow } from '@/api/types';
import { useConditionUpdate } from '@/api/writes';
import { field } from '@/lib/form';
import { EntryActions, wordsIn } from './EntryActions';
import { useWrites } from './whose';
import classes from './write.module.css';

export function ProblemActions({ row }: { row: ProblemRow }) {
  const whose = useWrites('problems');
  const update = useConditionUpdate(whose?.patientId ?? '');
  if (whose === null) return null;
  const { patientId, name } = whose;
  return (
    <EntryActions
      patientId={patientId}
      name={name}
      what={t`problem`}
      clinicalStatus={row.clinicalStatus}
      verificationStatus={row.verificationStatus}
      write={update}
      onChange={(change, form, done) => {
        const day = change === 'edit' ? field(form, 'day') : '';
        update.mutate({ patientId, chartOnScreen: patientId, id: row.id, version: row.version, change, text: wordsIn(form), day }, { onSuccess: done });
      }}
      edit={
        <div className={classes.line}>
          <div className={classes.field}>
            <label htmlFor="edit-problem">{t`Problem`}</label>
            <input id="edit-problem" name="text" className={`${classes.input} ${classes.words}`} maxLength={200} defaultValue={row.name} readOnly={row.code !== ''} />
          </div>
          <div className={classes.field}>
            <label htmlFor="edit-onset">{t`Since, like 2019-05`}</label>
            <input id="edit-onset" name="day" className={classes.input} style={{ width: 110 }} maxLength={10} defaultValue={row.onset.iso.slice(0, 10)} />
          </div>
          {row.code === '' ? null : <p className={classes.quiet}>{t`Coded, so its name stays.`}</p>}
        </div>
      }
    />
  );
}
