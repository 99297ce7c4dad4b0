// A new problem: N, its name, Enter. A code where one is taken from the list.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { useConditionCreate } from '@/api/writes';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { CodedField } from './CodedField';
import { choiceOf, useCoded } from './codes';
import { CodeState } from './CodeState';
import { Outcome } from './Outcome';
import { useOpensWithN } from './useOpensWithN';
import classes from './write.module.css';

export function ProblemForm({ patientId, name }: { patientId: string; name: string }) {
  const create = useConditionCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const coded = useCoded('write/problem');
  const [onset, setOnset] = useKept<string>('write/onset', '');
  const [note, setNote] = useKept<string>('write/note', '');
  const [mistake, setMistake] = useState<string>();
  useOpensWithN(() => form.current && focusField(form.current, 'problem'));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    create.reset();
    const missing = coded.text.trim() === '' ? t`Type what the problem is` : undefined;
    setMistake(missing);
    if (missing !== undefined) return focusField(from, 'problem');
    create.mutate(
      { patientId, chartOnScreen: patientId, text: coded.text, onset, note, code: choiceOf(coded.chosen) },
      {
        onSuccess: () => {
          coded.clear();
          setOnset('');
          setNote('');
          focusField(from, 'problem');
        },
      },
    );
  }

  return (
    <form ref={form} className={classes.panel} aria-label={t`Add a problem`} noValidate autoComplete="off" onSubmit={submit}>
      <div className={classes.line}>
        <CodedField id="write-problem" name="problem" label={t`Problem`} kind="problem" coded={coded} invalid={mistake !== undefined} />
        <div className={classes.field}>
          <label htmlFor="write-onset">{t`Since, like 2019-05`}</label>
          <input id="write-onset" name="onset" className={classes.input} style={{ width: 110 }} maxLength={10} value={onset} onChange={(event) => setOnset(event.currentTarget.value)} />
        </div>
        <div className={`${classes.field} ${classes.reason}`}>
          <label htmlFor="write-note">{t`Note`}</label>
          <input id="write-note" name="note" className={classes.input} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        </div>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {t`Add this problem for ${name}`}
        </Button>
      </div>
      <CodeState chosen={coded.chosen} />
      <Outcome patientId={patientId} data={create.data} error={create.error} mistake={mistake} />
    </form>
  );
}
