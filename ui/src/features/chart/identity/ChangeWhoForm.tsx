// The form over what is stored. Only what was typed is kept: the rest is always what the core has, so nobody else's change is undone.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { usePatientUpdate } from '@/api/registration';
import type { BannerView, PatientDemographicsView, PersonFields } from '@/api/types';
import { PersonInputs } from '@/components/person/PersonInputs';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { moment } from '@/lib/language/moment';
import { prepared, readFields, type Mistakes } from '@/lib/person';
import { Outcome } from '../write/Outcome';
import classes from './identity.module.css';

type ChangeWhoFormProps = { banner: BannerView; view: PatientDemographicsView; onDone: (stored: string) => void };

export function ChangeWhoForm({ banner, view, onDone }: ChangeWhoFormProps) {
  const { patientId, name, birthDate } = banner;
  const stored = view.person;
  const [text, setText] = useKept<string>('who/typed', '');
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [nothing, setNothing] = useState<string>();
  const update = usePatientUpdate(patientId);
  const typed = unlike(stored, readFields(text));
  const person: PersonFields = { ...stored, ...typed };
  const changed = Object.keys(typed).length > 0;

  function leave(lines: string) {
    setText('');
    onDone(lines);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (update.isPending) return;
    const form = event.currentTarget;
    update.reset();
    const ready = prepared(person, stored.birthDate);
    const [first] = Object.keys(ready.mistakes);
    setMistakes(ready.mistakes);
    setNothing(changed ? undefined : t`Nothing was changed yet`);
    if (first !== undefined) focusField(form, first);
    else if (changed)
      update.mutate(
        { patientId, chartOnScreen: patientId, version: view.version, person: onlyTyped(stored, typed, ready.person) },
        { onSuccess: ({ lines }) => leave(lines.join('; ')) },
      );
  }

  return (
    <form aria-label={t`Change who this is`} noValidate autoComplete="off" onSubmit={submit}>
      <PersonInputs
        person={person}
        stored={stored}
        mistakes={mistakes}
        onChange={(change) => {
          const next = unlike(stored, { ...typed, ...change });
          setText(Object.keys(next).length === 0 ? '' : JSON.stringify(next));
        }}
      />
      <Outcome patientId={patientId} data={undefined} error={update.error} mistake={nothing} />
      <div className={classes.buttons}>
        <Button type="submit" className={classes.confirm} loading={update.isPending}>
          {t`Store this change for ${name}, born ${moment(birthDate)}`}
        </Button>
        <Button variant="default" onClick={() => leave('')}>
          {changed ? t`Throw the changes away` : t`Back to the chart`}
        </Button>
      </div>
    </form>
  );
}

/** What was not typed goes back letter by letter as it is stored, double spaces and all: it is nobody's change. */
function onlyTyped(stored: PersonFields, typed: Partial<PersonFields>, ready: PersonFields): PersonFields {
  const changes = Object.fromEntries(Object.entries(ready).filter(([field]) => field in typed));
  return { ...stored, ...changes, mrn: stored.mrn };
}

/** What is another value than the stored one. */
function unlike(stored: PersonFields, typed: Partial<PersonFields>): Partial<PersonFields> {
  return Object.fromEntries(Object.entries(typed).filter(([field, value]) => stored[field as keyof PersonFields] !== value));
}
