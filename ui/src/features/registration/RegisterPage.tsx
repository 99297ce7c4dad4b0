// Registering somebody who is not here yet. What is typed stays until they are registered, also while the user looks elsewhere.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/api/client';
import { usePatientCreate } from '@/api/registration';
import type { DuplicateRow, PersonFields } from '@/api/types';
import { PersonInputs } from '@/components/person/PersonInputs';
import { sentence } from '@/components/StateView';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { isNobody, nobody, personFromSearch, prepared, readFields, whoInWords, type Mistakes } from '@/lib/person';
import { Duplicates } from './Duplicates';
import { StillHere } from './StillHere';
import classes from './registration.module.css';

type RegisterPageProps = {
  onRegistered: (patientId: string) => void;
  /** The chart of somebody who was here already. */
  onOpen: (patientId: string) => void;
};

type Found = { person: PersonFields; rows: DuplicateRow[]; shown: string[] };

export function RegisterPage({ onRegistered, onOpen }: RegisterPageProps) {
  // What was looked for before this page was opened, and not found.
  const [asked, setAsked] = useKept<string>('asked', '');
  const [text, setText] = useKept<string>('person', '');
  const begun = personFromSearch(asked);
  const person = text === '' ? begun : { ...nobody, ...readFields(text) };
  const [wasHere, setWasHere] = useState(text !== '');
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [found, setFound] = useState<Found | null>(null);
  const create = usePatientCreate();

  function begin(from: string) {
    setAsked(from);
    setText('');
    setMistakes({});
    setWasHere(false);
    create.reset();
  }

  function send(who: PersonFields, despite: string[]) {
    if (create.isPending) return;
    create.mutate(
      { person: who, despite },
      {
        onSuccess: ({ patientId, duplicates }) => {
          const shown = [...new Set([...despite, ...duplicates.map((row) => row.patient.patientId)])];
          if (patientId === null) return setFound({ person: who, rows: duplicates, shown });
          begin('');
          onRegistered(patientId);
        },
      },
    );
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const ready = prepared(person);
    setMistakes(ready.mistakes);
    const [first] = Object.keys(ready.mistakes);
    if (first === undefined) send(ready.person, []);
    else focusField(form, first);
  }

  const problem = create.error === null ? '' : sentence(failureOf(create.error).message);
  if (found !== null)
    return (
      <section id="register-page" data-scrolls className={classes.page} aria-label={t`Register a patient`}>
        <h1 className={classes.heading}>{t`Register a patient`}</h1>
        <Duplicates
          person={found.person}
          rows={found.rows}
          pending={create.isPending}
          problem={problem}
          onBack={() => {
            create.reset();
            setFound(null);
          }}
          onOpen={(patientId) => {
            begin('');
            onOpen(patientId);
          }}
          onSomebodyElse={() => send(found.person, found.shown)}
        />
      </section>
    );
  return (
    <section id="register-page" data-scrolls className={classes.page} aria-label={t`Register a patient`}>
      <h1 className={classes.heading}>{t`Register a patient`}</h1>
      <p className={classes.lead}>{t`Only the family name has to be there. Before anything is stored, whoever may be the same person is looked for.`}</p>
      {wasHere ? <StillHere person={person} instead={asked} onBegin={() => begin(asked)} /> : null}
      <form aria-label={t`Register a patient`} noValidate autoComplete="off" onSubmit={submit}>
        <PersonInputs
          person={person}
          mistakes={mistakes}
          onChange={(change) => {
            const next = { ...person, ...change };
            setText(isNobody(next) && asked === '' ? '' : JSON.stringify(next));
          }}
        />
        <div role="alert" className={classes.problem}>
          {problem}
        </div>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {t`Register ${whoInWords(person)}`}
        </Button>
      </form>
    </section>
  );
}
