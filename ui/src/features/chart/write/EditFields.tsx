// The fields of an entry that becomes another. What is left empty stays as it is; a code where its kind has codes and one is taken.
import { t } from '@lingui/core/macro';
import type { EntryEdit, EntryKind } from '@/api/types';
import { field } from '@/lib/form';
import { CodedField } from './CodedField';
import { choiceOf, type Coded } from './codes';
import { smoking, social } from './entryChoices';
import { entryKinds } from './entryKinds';
import classes from './write.module.css';

/** LOINC: tobacco smoking status. */
const isSmoking = (row: { code?: string }) => row.code?.startsWith('72166-2 ') === true;

type EditFieldsProps = { kind: EntryKind; row: { title?: string; code?: string }; coded: Coded };

export function EditFields({ kind, row, coded }: EditFieldsProps) {
  const words = entryKinds[kind];
  const edits = words.edits ?? [];
  const smokes = kind === 'social-history' && isSmoking(row);
  return (
    <>
      <div className={classes.line}>
        {!edits.includes('text') ? null : words.coded === null ? (
          <div className={classes.field}>
            <label htmlFor="edit-text">{words.text}</label>
            <input id="edit-text" name="name" autoFocus className={`${classes.input} ${classes.words}`} maxLength={200} value={coded.text} onChange={(event) => coded.set(event.currentTarget.value, null)} />
          </div>
        ) : (
          <CodedField id="edit-text" name="name" label={words.text} kind={words.coded} coded={coded} invalid={false} />
        )}
        {smokes ? (
          <div className={classes.field}>
            <label htmlFor="edit-social">{t`Smoking status`}</label>
            <select id="edit-social" name="social" autoFocus className={classes.select} defaultValue="">
              <option value="">{t`As it is`}</option>
              {smoking.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.label}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        {words.fields
          .filter(({ name }) => edits.some((edit) => edit === name) && !(smokes && name === 'detail'))
          .map(({ name, label, changed, width }) => (
            <div key={name} className={classes.field}>
              <label htmlFor={`edit-${name}`}>{changed ?? label}</label>
              <input id={`edit-${name}`} name={name} className={classes.input} style={{ width }} maxLength={name === 'day' ? 10 : 200} />
            </div>
          ))}
      </div>
      <p className={classes.quiet}>
        {t`What is left empty stays as it is.`}
        {words.coded === null || !edits.includes('text') ? null : <> {coded.chosen === null ? t`Words alone take the place of words; of a code, another code does. Arrow down goes to the codes.` : t`Coded as ${coded.chosen.code} ${coded.chosen.systemName}.`}</>}
      </p>
    </>
  );
}

/** What stands in the fields. */
export function editIn(form: HTMLFormElement, coded: Coded): EntryEdit {
  const topic = field(form, 'social');
  const chosen = social.options.find((option) => option.value === topic)?.value ?? null;
  return { text: coded.text, detail: field(form, 'detail'), day: field(form, 'day'), social: chosen, code: choiceOf(coded.chosen) };
}
