// What can be done with an open allergy.
import { t } from '@lingui/core/macro';
import type { AllergyRow, Criticality } from '@/api/types';
import { useAllergyUpdate } from '@/api/writes';
import { field } from '@/lib/form';
import { criticalities } from './AllergyForm';
import { CodedField } from './CodedField';
import { choiceOf, useCoded } from './codes';
import { EntryActions, wordsIn } from './EntryActions';
import { EditedCode } from './EditedCode';
import { useWrites } from './whose';
import classes from './write.module.css';

export function AllergyActions({ row }: { row: AllergyRow }) {
  const whose = useWrites('allergies');
  const update = useAllergyUpdate(whose?.patientId ?? '');
  const coded = useCoded(`edit/AllergyIntolerance/${row.id}/${row.version}`, row.agent);
  if (whose === null) return null;
  const { patientId, name } = whose;
  return (
    <EntryActions
      patientId={patientId}
      name={name}
      what={t`allergy`}
      clinicalStatus={row.clinicalStatus}
      verificationStatus={row.verificationStatus}
      write={update}
      onChange={(change, form, done) => {
        const edits = change === 'edit';
        const criticality = edits ? field(form, 'criticality') : '';
        const [text, code] = edits ? [coded.text, choiceOf(coded.chosen)] : [wordsIn(form), null];
        const onSuccess = () => {
          coded.clear();
          done();
        };
        const request = { patientId, chartOnScreen: patientId, id: row.id, version: row.version, change, text, code };
        update.mutate({ ...request, criticality: criticality === '' ? null : (criticality as Criticality) }, { onSuccess });
      }}
      edit={
        <div className={classes.line}>
          <CodedField id="edit-agent" name="name" label={t`Allergy or intolerance to`} kind="allergy" coded={coded} invalid={false} />
          <div className={classes.field}>
            <label htmlFor="edit-criticality">{t`Criticality`}</label>
            <select id="edit-criticality" name="criticality" className={classes.select} defaultValue={row.criticality}>
              <option value="">{t`Not assessed`}</option>
              {criticalities.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.label}
                </option>
              ))}
            </select>
          </div>
          <EditedCode code={row.code} chosen={coded.chosen} />
        </div>
      }
    />
  );
}
