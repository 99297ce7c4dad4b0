// What can be done with an open entry of a kind that is written in words: it ends, or it was a mistake.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { EntryKind, EntryStep } from '@/api/types';
import { useEntryUpdate } from '@/api/writes';
import { field } from '@/lib/form';
import { entryKinds, isMistake, kindOf, stepsOf } from './entryKinds';
import { Outcome } from './Outcome';
import { useWrites, writtenIn } from './whose';
import classes from './write.module.css';

type Entry = { resourceType: string; id: string; version: number; status: string };

/** Nothing for what others sent as another type, and for whoever does not write on this page. */
export function EntryStepActions({ row }: { row: Entry }) {
  const kind = kindOf(row.resourceType);
  const whose = useWrites(writtenIn(row.resourceType));
  return kind === null || whose === null ? null : <Steps kind={kind} row={row} patientId={whose.patientId} name={whose.name} />;
}

function Steps({ kind, row, patientId, name }: { kind: EntryKind; row: Entry; patientId: string; name: string }) {
  const update = useEntryUpdate(patientId);
  const [open, setOpen] = useState<EntryStep | null>(null);
  if (isMistake(row.status)) return <p className={classes.quiet}>{t`Entered in error: it changes no more. An earlier version can be restored from its history.`}</p>;
  const { what } = entryKinds[kind];
  const steps = stepsOf(kind, row.status);
  const words = steps.find(([step]) => step === open)?.[1];

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (open === null) return;
    const pane = event.currentTarget.closest<HTMLElement>('#detail');
    update.mutate(
      { patientId, chartOnScreen: patientId, kind, id: row.id, version: row.version, step: open, text: field(event.currentTarget, 'text') },
      {
        onSuccess: () => {
          setOpen(null);
          // The button that was pressed is gone: Esc still goes back to the list.
          pane?.focus();
        },
      },
    );
  }

  return (
    <section aria-label={t`Change this ${what}`} className={classes.field}>
      <div className={classes.actions}>
        {steps.map(([step, { action }]) => (
          <button
            key={step}
            type="button"
            className={classes.button}
            aria-expanded={open === step}
            onClick={() => {
              update.reset();
              setOpen(open === step ? null : step);
            }}
          >
            {action}
          </button>
        ))}
      </div>
      {words === undefined ? null : (
        <form key={open} className={classes.form} aria-label={words.action} noValidate autoComplete="off" onSubmit={submit}>
          <div className={classes.field}>
            <label htmlFor="step-reason">{words.why}</label>
            <input id="step-reason" name="text" autoFocus className={classes.input} maxLength={2000} />
          </div>
          <Button type="submit" className={classes.confirm} loading={update.isPending} {...(open === 'enter-in-error' ? { color: 'red.9' } : {})}>
            {words.button(what, name)}
          </Button>
        </form>
      )}
      <Outcome patientId={patientId} data={update.data} error={update.error} />
    </section>
  );
}
