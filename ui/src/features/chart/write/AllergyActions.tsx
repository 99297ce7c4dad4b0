// What can be done with an open allergy.
import { t } from '@lingui/core/macro';
import type { AllergyRow, Criticality } from '@/api/types';
import { useAllergyUpdate } from '@/api/writes';
import { field } from '@/lib/form';
import { criticalities } from './AllergyForm';
import { EntryActions, wordsIn } from './EntryActions';
import { useWrites } from './whose';
import classes from './write.module.css';

export function AllergyActions({ row }: { row: AllergyRow }) {
  const whose = useWrites('allergies');
  const update = useAllergyUpdate(whose?.patientId ?? '');
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
        const criticality = change === 'edit' ? field(form, 'criticality') : '';
        const request = { patientId, chartOnScreen: patientId, id: row.id, version: row.version, change, text: wordsIn(form) };
        update.mutate({ ...request, criticality: criticality === '' ? null : (criticality as Criticality) }, { onSuccess: done });
      }}
      edit={
        <div className={classes.line}>
          <div className={classes.field}>
            <label htmlFor="edit-agent">{t`Allergy or intolerance to`}</label>
            <input id="edit-agent" name="text" className={`${classes.input} ${classes.words}`} maxLength={200} defaultValue={row.agent} readOnly={row.code !== ''} />
          </div>
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
          {row.code === '' ? null : <p className={classes.quiet}>{t`Coded, so its name stays.`}</p>}
        </div>
      }
    />
  );
}
