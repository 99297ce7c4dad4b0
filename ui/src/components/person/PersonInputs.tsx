// The fields that say who somebody is: the same for whoever is registered and for whoever changes what is stored.
import { t } from '@lingui/core/macro';
import { Radio, TextInput } from '@mantine/core';
import type { PersonFields } from '@/api/types';
import { birthDateWords, readBirthDate } from '@/lib/birthDate';
import { fieldWords, genderWords, type Mistakes, type PersonField, type TextField } from '@/lib/person';
import classes from './person.module.css';

type Change = (change: Partial<PersonFields>) => void;

type PersonInputsProps = {
  person: PersonFields;
  mistakes: Mistakes;
  /** What the core has, where somebody changes it; the record number stays as it is then. */
  stored?: PersonFields;
  onChange: Change;
};

export function PersonInputs({ person, mistakes, stored, onChange }: PersonInputsProps) {
  const input = (field: TextField, hint?: string) => (
    <TextInput
      id={idOf(field)}
      name={field}
      className={classes[field]}
      label={fieldWords[field]}
      description={hint}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      error={mistakes[field]}
      value={person[field]}
      maxLength={120}
      autoComplete="off"
      spellCheck={false}
      withAsterisk={field === 'family'}
      aria-required={field === 'family' || undefined}
      readOnly={field === 'mrn' && stored !== undefined}
      autoFocus={field === 'family'}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
    />
  );
  const before = (field: TextField, hint?: string) => {
    const was = stored === undefined || stored[field] === person[field] ? undefined : t`Stored: ${stored[field] === '' ? t`nothing` : stored[field]}`;
    return input(field, [was, hint].filter((one) => one !== undefined).join('. ') || undefined);
  };
  return (
    <>
      <fieldset className={classes.part}>
        <legend>{t`Who it is`}</legend>
        {before('family')}
        {before('given')}
        {before('birthDate', bornHint(person.birthDate))}
        <Gender person={person} stored={stored} onChange={onChange} />
        {before('mrn', stored === undefined ? undefined : t`Given once, it is not changed here`)}
      </fieldset>
      <fieldset className={classes.part}>
        <legend>{t`How to reach them`}</legend>
        {before('phone')}
        {before('street')}
        {before('postalCode')}
        {before('city')}
        {before('state')}
        {before('country')}
      </fieldset>
    </>
  );
}

function Gender({ person, stored, onChange }: { person: PersonFields; stored: PersonFields | undefined; onChange: Change }) {
  const was = genderWords.find((one) => one.value === stored?.gender);
  return (
    <Radio.Group
      name="gender"
      className={classes.gender}
      label={fieldWords.gender}
      description={stored === undefined || was === undefined || stored.gender === person.gender ? undefined : t`Stored: ${was.label}`}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      value={person.gender ?? ''}
      onChange={(value) => onChange({ gender: genderWords.find((one) => one.value === value)?.value ?? null })}
    >
      <div className={classes.choices}>
        {genderWords.map((one) => (
          <Radio key={one.label} id={`person-gender-${one.value ?? 'not-asked'}`} value={one.value ?? ''} label={one.label} />
        ))}
      </div>
    </Radio.Group>
  );
}

/** How the core will understand it, before anything is sent. */
function bornHint(text: string): string {
  const born = readBirthDate(text);
  if (text.trim() === '') return t`Like 1961-02-03, 03-Feb-1961 or 1961`;
  return 'date' in born ? t`Read as ${birthDateWords(born.date)}` : t`Like 1961-02-03 or 03-Feb-1961`;
}

const idOf = (field: PersonField) => `person-${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
