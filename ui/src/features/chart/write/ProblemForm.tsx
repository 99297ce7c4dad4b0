// A new problem: N, its name, Enter.
import { Button } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { useConditionCreate } from '@/api/writes';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { Outcome } from './Outcome';
import { useOpensWithN } from './useOpensWithN';
import classes from './write.module.css';

export function ProblemForm({ patientId, name }: { patientId: string; name: string }) {
  const create = useConditionCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const [text, setText] = useKept<string>('write/problem', '');
  const [onset, setOnset] = useKept<string>('write/onset', '');
  const [note, setNote] = useKept<string>('write/note', '');
  const [mistake, setMistake] = useState<string>();
  useOpensWithN(() => form.current && focusField(form.current, 'problem'));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    create.reset();
    const missing = text.trim() === '' ? 'Type what the problem is' : undefined;
    setMistake(missing);
    if (missing !== undefined) return focusField(from, 'problem');
    create.mutate(
      { patientId, chartOnScreen: patientId, text, onset, note },
      {
        onSuccess: () => {
          setText('');
          setOnset('');
          setNote('');
          focusField(from, 'problem');
        },
      },
    );
  }

  return (
    <form ref={form} className={classes.panel} aria-label="Add a problem" noValidate autoComplete="off" onSubmit={submit}>
      <div className={classes.line}>
        <div className={classes.field}>
          <label htmlFor="write-problem">Problem</label>
          <input id="write-problem" name="problem" className={`${classes.input} ${classes.words}`} maxLength={200} value={text} aria-invalid={mistake !== undefined} onChange={(event) => setText(event.currentTarget.value)} />
        </div>
        <div className={classes.field}>
          <label htmlFor="write-onset">Since, like 2019-05</label>
          <input id="write-onset" name="onset" className={classes.input} style={{ width: 110 }} maxLength={10} value={onset} onChange={(event) => setOnset(event.currentTarget.value)} />
        </div>
        <div className={`${classes.field} ${classes.reason}`}>
          <label htmlFor="write-note">Note</label>
          <input id="write-note" name="note" className={classes.input} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        </div>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {`Add this problem for ${name}`}
        </Button>
      </div>
      <p className={classes.quiet}>N comes here, Enter adds. What is typed is kept as words: not coded.</p>
      <Outcome patientId={patientId} data={create.data} error={create.error} mistake={mistake} />
    </form>
  );
}
