// What can be done with an open problem.
import { t } from '@lingui/core/macro';
import type { ProblemRow } from '@/api/types';
import { useConditionUpdate } from '@/api/writes';
import { field } from '@/lib/form';
import { CodedField } from './CodedField';
import { choiceOf, useCoded } from './codes';
import { EntryActions, wordsIn } from './EntryActions';
import { EditedCode } from './EditedCode';
import { useWrites } from './whose';
import classes from './write.module.css';

export function ProblemActions({ row }: { row: ProblemRow }) {
  const whose = useWrites('problems');
  const update = useConditionUpdate(whose?.patientId ?? '');
  const coded = useCoded(`edit/Condition/${row.id}/${row.version}`, row.name);
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
        const edits = change === 'edit';
        const day = edits ? field(form, 'day') : '';
        const [text, code] = edits ? [coded.text, choiceOf(coded.chosen)] : [wordsIn(form), null];
        const onSuccess = () => {
          coded.clear();
          done();
        };
        update.mutate({ patientId, chartOnScreen: patientId, id: row.id, version: row.version, change, text, day, code }, { onSuccess });
      }}
      edit={
        <div className={classes.line}>
          <CodedField id="edit-problem" name="name" label={t`Problem`} kind="problem" coded={coded} invalid={false} />
          <div className={classes.field}>
            <label htmlFor="edit-onset">{t`Since, like 2019-05`}</label>
            <input id="edit-onset" name="day" className={classes.input} style={{ width: 110 }} maxLength={10} defaultValue={row.onset.iso.slice(0, 10)} />
          </div>
          <EditedCode code={row.code} chosen={coded.chosen} />
        </div>
      }
    />
  );
}
