// A signed note is marked as entered in error: with a reason, by a button that names the patient. Nobody takes it back.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useId } from 'react';
import { failureOf } from '@/api/client';
import { useNoteMarkInError } from '@/api/notes';
import type { NoteMarking } from '@/api/types';
import { sentence } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { useQuestion } from './useQuestion';
import classes from './note.module.css';

type MarkInErrorProps = { patientId: string; id: string; name: string; whose: NoteMarking };

export function MarkInError({ patientId, id, name, whose }: MarkInErrorProps) {
  const { asked, opener, toggle, close, press } = useQuestion();
  const [reason, setReason] = useKept<string>(`note/in-error/${id}`, '');
  const field = useId();
  const mark = useNoteMarkInError(patientId);
  const failure = mark.isError ? failureOf(mark.error) : null;

  return (
    <>
      <div className={classes.actions}>
        <button
          ref={opener}
          type="button"
          className={classes.button}
          aria-expanded={asked}
          onClick={() => {
            mark.reset();
            toggle();
          }}
        >
          {t`Mark as entered in error`}
        </button>
      </div>
      {asked ? (
        // Esc answers the question and leaves the note open.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only listens
        <div role="group" aria-label={t`Mark as entered in error`} className={classes.asked} onKeyDown={press}>
          <p className={classes.plain}>
            {whose === 'own'
              ? t`Written in the wrong chart, or about what did not happen. The note stays and is struck out; nobody takes the mark back.`
              : t`This is the note of somebody else. It stays and is struck out, in your name; nobody takes the mark back. What is only to be corrected is amended.`}
          </p>
          <label htmlFor={field} className={classes.heading}>
            {t`Why it was entered in error`}
          </label>
          <textarea id={field} className={classes.reason} rows={2} maxLength={2000} autoFocus value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
          <div className={classes.actions}>
            <Button
              className={`${classes.confirm} ${classes.danger}`}
              loading={mark.isPending}
              onClick={() => mark.mutate({ patientId, chartOnScreen: patientId, id, whose, reason }, { onSuccess: () => setReason('') })}
            >
              {t`Mark this note as entered in error for ${name}`}
            </Button>
            <button type="button" className={classes.button} onClick={close}>
              {t`Leave it as it is`}
            </button>
          </div>
          <div role="alert" className={classes.problem}>
            {failure === null ? '' : failure.code === 'reauthentication-needed' ? t`Not marked.` : sentence(failure.message)}
          </div>
        </div>
      ) : null}
    </>
  );
}
