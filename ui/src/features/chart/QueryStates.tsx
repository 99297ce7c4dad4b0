// Loading, failed and empty: three different things that must never look like one another.
import { IconAlertOctagon, IconFolderOpen } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { failureOf } from '@/api/client';
import classes from './QueryStates.module.css';

/** A skeleton, but only when the answer takes longer than a blink. */
export function Loading({ what }: { what: string }) {
  const late = useLate(150);
  return (
    <div role="status" aria-busy="true" className={classes.loading}>
      {late && (
        <>
          <span className={classes.quiet}>{`Reading ${what}`}</span>
          <span className={classes.bone} />
          <span className={classes.bone} />
          <span className={classes.bone} />
        </>
      )}
    </div>
  );
}

type FailedProps = {
  what: string;
  error: unknown;
  stillTrue: string;
  retrying?: boolean;
  onRetry(): void;
};

/** What failed, what is still true, and what to do. */
export function Failed({ what, error, stillTrue, retrying = false, onRetry }: FailedProps) {
  const failure = failureOf(error);
  return (
    <div role="alert" className={classes.failed}>
      <IconAlertOctagon size={20} aria-hidden className={classes.failedSign} />
      <div>
        <p className={classes.title}>{what}</p>
        <p>{sentence(failure.message)}</p>
        <p>{stillTrue}</p>
        <button type="button" className={classes.retry} disabled={retrying} onClick={onRetry}>
          {retrying ? 'Trying again' : 'Try again'}
        </button>
      </div>
    </div>
  );
}

/** What would be here. */
export function Empty({ title, children }: { title: string; children: string }) {
  return (
    <div className={classes.empty}>
      <IconFolderOpen size={20} aria-hidden />
      <div>
        <p className={classes.title}>{title}</p>
        <p className={classes.quiet}>{children}</p>
      </div>
    </div>
  );
}

export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!]$/.test(text) ? text : `${text}.`;
}

function useLate(milliseconds: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return late;
}
