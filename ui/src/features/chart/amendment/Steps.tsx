// What can be done with a request: one button for each step, and the form of the one that is open.
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { WrittenView } from '@/api/types';
import { field, focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { Outcome } from '../write/Outcome';
import classes from './amendment.module.css';

export type StepField = {
  name: string;
  label: string;
  /** What is said where nothing was typed; none where it may be empty. */
  missing?: string;
  kind: 'text' | 'words' | 'day' | 'choice';
  choices?: readonly (readonly [value: string, label: string])[];
  initial?: string;
};

export type Step = {
  key: string;
  button: string;
  confirm: string;
  hint: string;
  danger?: boolean;
  fields: readonly StepField[];
  send(values: (name: string) => string, done: () => void): void;
};

type Write = { data: WrittenView | undefined; error: unknown; isPending: boolean; reset(): void };
type StepsProps = { patientId: string; label: string; name: string; steps: readonly Step[]; write: Write };

export function Steps({ patientId, label, name, steps, write }: StepsProps) {
  const [open, setOpen] = useKept<string | null>(`${name}/step`, null);
  const [mistake, setMistake] = useState<string>();
  const step = steps.find(({ key }) => key === open);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    write.reset();
    const missing = step?.fields.find((one) => one.missing !== undefined && field(form, one.name).trim() === '');
    setMistake(missing?.missing);
    if (missing !== undefined) return focusField(form, missing.name);
    const pane = form.closest<HTMLElement>('#detail');
    step?.send((one) => field(form, one), () => {
      setOpen(null);
      // The button that was pressed is gone: Esc still goes back to the list.
      pane?.focus();
    });
  }

  return (
    <section aria-label={label} className={classes.steps}>
      <div className={classes.actions}>
        {steps.map(({ key, button }) => (
          <button
            key={key}
            type="button"
            className={classes.button}
            aria-expanded={open === key}
            onClick={() => {
              write.reset();
              setMistake(undefined);
              setOpen(open === key ? null : key);
            }}
          >
            {button}
          </button>
        ))}
      </div>
      {step === undefined ? null : (
        <form key={step.key} className={classes.form} aria-label={step.button} noValidate autoComplete="off" onSubmit={submit}>
          <p className={classes.quiet}>{step.hint}</p>
          {step.fields.map((one, index) => (
            <Field key={one.name} id={`${name}-${step.key}-${one.name}`} kept={`${name}/${step.key}/${one.name}`} field={one} first={index === 0} />
          ))}
          <Button type="submit" className={step.danger === true ? `${classes.confirm} ${classes.danger}` : classes.confirm} loading={write.isPending}>
            {step.confirm}
          </Button>
        </form>
      )}
      <Outcome final patientId={patientId} data={write.data} error={write.error} mistake={mistake} />
    </section>
  );
}

function Field({ id, kept, field: { name, label, kind, choices = [], initial = '' }, first }: { id: string; kept: string; field: StepField; first: boolean }) {
  const [value, setValue] = useKept<string>(kept, initial);
  const common = { id, name, value, autoFocus: first };
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{label}</label>
      {kind === 'words' ? (
        <textarea {...common} className={classes.text} rows={3} maxLength={2000} onChange={(event) => setValue(event.currentTarget.value)} />
      ) : kind === 'choice' ? (
        <select {...common} className={classes.select} onChange={(event) => setValue(event.currentTarget.value)}>
          {choices.map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </select>
      ) : (
        <input {...common} className={classes.input} type={kind === 'day' ? 'date' : 'text'} maxLength={200} onChange={(event) => setValue(event.currentTarget.value)} />
      )}
    </div>
  );
}
