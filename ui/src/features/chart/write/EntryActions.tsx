// What can be done with a problem or an allergy that is open. Each action is confirmed by a button that names it and the patient.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { EntryChange, WrittenView } from '@/api/types';
import { field } from '@/lib/form';
import { Outcome } from './Outcome';
import classes from './write.module.css';

type EntryActionsProps = {
  patientId: string;
  name: string;
  /** `problem`, `allergy`. */
  what: string;
  clinicalStatus: string;
  verificationStatus: string;
  write: { data: WrittenView | undefined; error: unknown; isPending: boolean; reset(): void };
  onChange(change: EntryChange, form: HTMLFormElement, done: () => void): void;
  /** The fields of an edit; none where there is nothing to edit. */
  edit: ReactNode;
};

export function EntryActions({ patientId, name, what, clinicalStatus, verificationStatus, write, onChange, edit }: EntryActionsProps) {
  const [open, setOpen] = useState<EntryChange | null>(null);
  if (verificationStatus === 'entered-in-error')
    return <p className={classes.quiet}>{t`Entered in error: it changes no more. An earlier version can be restored from its history.`}</p>;
  const refuted = verificationStatus === 'refuted';
  const over = clinicalStatus === 'resolved' || clinicalStatus === 'inactive' || refuted;
  const changes: EntryChange[] = ['edit', over ? 'reactivate' : 'resolve', ...(refuted ? [] : (['refute'] as const)), 'enter-in-error'];

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (open !== null) onChange(open, event.currentTarget, () => setOpen(null));
  }

  return (
    <section aria-label={t`Change this ${what}`} className={classes.field}>
      <div className={classes.actions}>
        {changes.map((change) => (
          <button
            key={change}
            type="button"
            className={classes.button}
            aria-expanded={open === change}
            onClick={() => {
              write.reset();
              setOpen(open === change ? null : change);
            }}
          >
            {changeWords[change].action}
          </button>
        ))}
      </div>
      {open === null ? null : (
        <form key={open} className={classes.form} aria-label={changeWords[open].form} noValidate autoComplete="off" onSubmit={submit}>
          {open === 'edit' ? (
            edit
          ) : (
            <div className={classes.field}>
              <label htmlFor="entry-reason">{changeWords[open].why}</label>
              <input id="entry-reason" name="text" autoFocus className={classes.input} maxLength={2000} />
            </div>
          )}
          <Button type="submit" className={open === 'enter-in-error' ? `${classes.confirm} ${classes.danger}` : classes.confirm} loading={write.isPending}>
            {changeWords[open].button(what, name)}
          </Button>
        </form>
      )}
      <Outcome patientId={patientId} data={write.data} error={write.error} />
    </section>
  );
}

const changeWords: Record<EntryChange, { action: string; form: string; why: string; button: (what: string, name: string) => string }> = {
  edit: { get action() { return t`Change`; }, get form() { return t`Change`; }, why: '', button: (what, name) => t`Change this ${what} for ${name}` },
  resolve: { get action() { return t`Resolve`; }, get form() { return t`Resolve`; }, get why() { return t`How it ended, if there is more to say`; }, button: (what, name) => t`Resolve this ${what} for ${name}` },
  reactivate: { get action() { return t`Make active again`; }, get form() { return t`Make`; }, get why() { return t`Why`; }, button: (what, name) => t`Make this ${what} active again for ${name}` },
  refute: { get action() { return t`Refute`; }, get form() { return t`Refute`; }, get why() { return t`What shows that it is not so`; }, button: (what, name) => t`Refute this ${what} for ${name}` },
  'enter-in-error': { get action() { return t`Entered in error`; }, get form() { return t`Mark`; }, get why() { return t`What went wrong`; }, button: (what, name) => t`Mark this ${what} as entered in error for ${name}` },
};

/** The words of a form that is being sent. */
export const wordsIn = (form: HTMLFormElement) => field(form, 'text');
