// What a patient asks to be amended is taken down: N, what it is about, what is asked, Enter.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { useAmendmentCreate } from '@/api/amendments';
import type { NoteChoice } from '@/api/types';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { Outcome } from '../write/Outcome';
import { useOpensWithN } from '../write/useOpensWithN';
import classes from './amendment.module.css';

export function RecordForm({ patientId, name, notes }: { patientId: string; name: string; notes: readonly NoteChoice[] }) {
  const create = useAmendmentCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const [note, setNote] = useKept<string>('amendment/note', '');
  const [about, setAbout] = useKept<string>('amendment/about', '');
  const [asked, setAsked] = useKept<string>('amendment/asked', '');
  const [received, setReceived] = useKept<string>('amendment/received', '');
  const [mistake, setMistake] = useState<string>();
  useOpensWithN(() => form.current && focusField(form.current, 'about'));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    create.reset();
    const missing = note === '' && about.trim() === '' ? 'about' : asked.trim() === '' ? 'asked' : null;
    setMistake(missing === 'about' ? t`Write what it is about, or choose the note` : missing === 'asked' ? t`Write what the patient asks for` : undefined);
    if (missing !== null) return focusField(from, missing);
    create.mutate(
      { patientId, chartOnScreen: patientId, note: note === '' ? null : note, about, asked, received },
      {
        onSuccess: () => {
          setNote('');
          setAbout('');
          setAsked('');
          setReceived('');
          focusField(from, 'about');
        },
      },
    );
  }

  return (
    <form ref={form} className={classes.panel} aria-label={t`Record a request for an amendment`} noValidate autoComplete="off" onSubmit={submit}>
      <div className={classes.line}>
        <div className={classes.field}>
          <label htmlFor="amendment-about">{t`What it is about`}</label>
          <input id="amendment-about" name="about" className={`${classes.input} ${classes.long}`} maxLength={200} value={about} onChange={(event) => setAbout(event.currentTarget.value)} />
        </div>
        {notes.length === 0 ? null : (
          <div className={classes.field}>
            <label htmlFor="amendment-note">{t`In which note`}</label>
            <select id="amendment-note" name="note" className={classes.select} value={note} onChange={(event) => setNote(event.currentTarget.value)}>
              <option value="">{t`In none`}</option>
              {notes.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className={classes.field}>
          <label htmlFor="amendment-received">{t`Received on; empty is today`}</label>
          <input id="amendment-received" name="received" type="date" className={classes.input} value={received} onChange={(event) => setReceived(event.currentTarget.value)} />
        </div>
      </div>
      <div className={classes.field}>
        <label htmlFor="amendment-asked">{t`What the patient asks for, and why`}</label>
        <textarea id="amendment-asked" name="asked" className={classes.text} rows={2} maxLength={2000} value={asked} onChange={(event) => setAsked(event.currentTarget.value)} />
      </div>
      <Button type="submit" className={classes.confirm} loading={create.isPending}>
        {t`Record this request for ${name}`}
      </Button>
      <p className={classes.quiet}>{t`N comes here. It has to be decided within 60 days (45 CFR 164.526).`}</p>
      <Outcome final patientId={patientId} data={create.data} error={create.error} mistake={mistake} />
    </form>
  );
}
