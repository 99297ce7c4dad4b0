// What can be done with an open entry of a kind that is written in words: it becomes another, ends, goes on again, or was a mistake.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { EntryKind, EntryStep } from '@/api/types';
import { useEntryUpdate } from '@/api/writes';
import { field } from '@/lib/form';
import { useCoded } from './codes';
import { editIn, EditFields } from './EditFields';
import { entryKinds, isMistake, kindOf, stepsOf } from './entryKinds';
import { Outcome } from './Outcome';
import { useWrites } from './whose';
import classes from './write.module.css';

type Entry = { resourceType: string; id: string; version: number; status: string; title?: string; code?: string };

/** Nothing for what others sent as another type, and for whoever does not write on this page. */
export function EntryStepActions({ row }: { row: Entry }) {
  const kind = kindOf(row.resourceType);
  const whose = useWrites(kind === null ? null : entryKinds[kind].section);
  return kind === null || whose === null ? null : <Steps kind={kind} row={row} patientId={whose.patientId} name={whose.name} />;
}

function Steps({ kind, row, patientId, name }: { kind: EntryKind; row: Entry; patientId: string; name: string }) {
  const update = useEntryUpdate(patientId);
  const [open, setOpen] = useState<EntryStep | null>(null);
  const coded = useCoded(`edit/${row.resourceType}/${row.id}/${row.version}`);
  if (isMistake(row.status)) return <p className={classes.quiet}>{t`Entered in error: it changes no more. An earlier version can be restored from its history.`}</p>;
  const { what } = entryKinds[kind];
  const steps = stepsOf(kind, row.status);
  const words = steps.find(([step]) => step === open)?.[1];

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (open === null) return;
    const pane = event.currentTarget.closest<HTMLElement>('#detail');
    update.mutate(
      { patientId, chartOnScreen: patientId, kind, id: row.id, version: row.version, step: open, edit: open === 'edit' ? editIn(event.currentTarget, coded) : null, text: field(event.currentTarget, 'text') },
      {
        onSuccess: () => {
          setOpen(null);
          coded.clear();
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
          {open === 'edit' ? <EditFields kind={kind} row={row} coded={coded} /> : null}
          <div className={classes.field}>
            <label htmlFor="step-reason">{words.why}</label>
            <input id="step-reason" name="text" autoFocus={open !== 'edit'} className={classes.input} maxLength={2000} />
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
