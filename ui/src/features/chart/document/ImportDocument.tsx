// A document from another hospital or from the patient, beside this chart: choose it, compare, review, take.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { failureOf } from '@/api/client';
import { useDocumentCancel, useDocumentChoose, useDocumentProgress, useDocumentReview } from '@/api/documents';
import type { WrittenView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { Review } from './Review';
import classes from './document.module.css';

type ImportDocumentProps = { patientId: string; name: string; onClose(written: WrittenView | null): void };

export function ImportDocument({ patientId, name, onClose }: ImportDocumentProps) {
  const review = useDocumentReview(patientId);
  const cancel = useDocumentCancel();

  function leave() {
    cancel.mutate();
    onClose(null);
  }
  function press(event: KeyboardEvent) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  }
  return (
    // Esc bubbles up to here from everything below.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- it only listens
    <div className={classes.import} onKeyDown={press}>
      {review.data !== undefined ? (
        <Review patientId={patientId} name={name} review={review.data} onTaken={onClose} onLeave={leave} />
      ) : review.isPending ? (
        <Reading onStop={() => cancel.mutate()} />
      ) : (
        <Choose patientId={patientId} name={name} failure={review.error} onChosen={(path) => review.mutate(path)} onLeave={leave} />
      )}
    </div>
  );
}

type ChooseProps = { patientId: string; name: string; failure: unknown; onChosen(path: string): void; onLeave(): void };

function Choose({ patientId, name, failure, onChosen, onLeave }: ChooseProps) {
  const choose = useDocumentChoose(patientId);
  const [path, setPath] = useState('');
  const [mistake, setMistake] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    setMistake(path.trim() === '');
    if (path.trim() === '') field.current?.focus();
    else onChosen(path.trim());
  }
  const error = choose.error ?? failure;
  return (
    <form noValidate aria-label={t`Import a document`} className={classes.choose} onSubmit={submit}>
      <h2 className={classes.title}>{t`Import a document into the chart of ${name}`}</h2>
      <p className={classes.quiet}>{t`A C-CDA document (XML). It is compared with the patient first; nothing is stored before you say what.`}</p>
      <div className={classes.line}>
        <div className={classes.field}>
          <label htmlFor={id}>{t`File`}</label>
          <input ref={field} id={id} className={classes.input} value={path} spellCheck={false} autoComplete="off" aria-invalid={mistake} onChange={(event) => setPath(event.currentTarget.value)} />
        </div>
        <Button variant="default" loading={choose.isPending} onClick={() => choose.mutate(undefined, { onSuccess: (chosen) => chosen !== null && onChosen(chosen) })}>
          {t`Browse`}
        </Button>
      </div>
      <div role="alert" className={classes.problem}>
        {mistake ? t`Choose a file, or write where it is.` : error === null || error === undefined ? '' : sentence(failureOf(error).message)}
      </div>
      <div className={classes.actions}>
        <Button type="submit">{t`Open it beside the chart`}</Button>
        <Button variant="default" onClick={onLeave}>
          {t`Back`}
        </Button>
      </div>
    </form>
  );
}

function Reading({ onStop }: { onStop(): void }) {
  const progress = useDocumentProgress(true);
  const percent = progress.data?.percent ?? 0;
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => stop.current?.focus(), []);
  return (
    <div className={classes.choose}>
      <label htmlFor="document-progress">{t`Reading the document`}</label>
      <progress id="document-progress" max={100} value={percent} />
      <p>
        <Button ref={stop} variant="default" onClick={onStop}>
          {t`Stop reading`}
        </Button>
      </p>
    </div>
  );
}
