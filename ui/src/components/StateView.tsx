// Loading, failure, nothing and data are four different things on every screen, and never look like one another.
import { t } from '@lingui/core/macro';
import { useTimeout } from '@mantine/hooks';
import { IconAlertOctagon, IconFolderOpen } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { failureOf, type Failure } from '@/api/client';
import { meaningOf } from '@/api/errorWords';
import classes from './StateView.module.css';

/** Says that something is being read, but only when it takes longer than a blink. */
export function Loading({ what }: { what: string }) {
  const [late, setLate] = useState(false);
  useTimeout(() => setLate(true), 150, { autoInvoke: true });
  return (
    <div role="status" aria-busy="true" className={classes.loading}>
      {late ? (
        <>
          <span className={classes.quiet}>{t`Reading ${what}`}</span>
          <span className={classes.bone} />
          <span className={classes.bone} />
          <span className={classes.bone} />
        </>
      ) : null}
    </div>
  );
}

/** What would be here, and what to do next. */
export function Empty({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <IconFolderOpen size={20} aria-hidden />
      <div>
        <p className={classes.title}>{title}</p>
        {hint === undefined ? null : <p className={classes.quiet}>{hint}</p>}
        {action}
      </div>
    </div>
  );
}

type FailedProps = {
  what: string;
  error: unknown;
  /** What still holds, so that nobody takes the failure for more or for less than it is. */
  stillTrue?: string;
  retrying?: boolean;
  onRetry?: () => void;
};

/** What failed, what is still true, and what to do. */
export function Failed({ what, error, stillTrue, retrying = false, onRetry }: FailedProps) {
  return (
    <div role="alert" className={classes.failed}>
      <IconAlertOctagon size={20} aria-hidden />
      <div>
        <p className={classes.title}>{what}</p>
        <Refusal failure={failureOf(error)} />
        {stillTrue === undefined ? null : <p>{stillTrue}</p>}
        {onRetry === undefined ? null : (
          <button type="button" className={classes.retry} disabled={retrying} onClick={onRetry}>
            {retrying ? t`Trying again` : t`Try again`}
          </button>
        )}
      </div>
    </div>
  );
}

/** What a refusal means, and the core's own sentence in its language. */
function Refusal({ failure }: { failure: Failure }) {
  const meaning = meaningOf(failure.code);
  if (meaning === null || failure.said === null) return <p>{sentence(failure.message)}</p>;
  return (
    <p>
      {sentence(meaning)} <span lang="en">{sentence(failure.said)}</span>
    </p>
  );
}

/** The core's messages begin in lower case, so that they can stand after a colon; an address in front stays as it is. */
export function sentence(message: string): string {
  const text = /^https?:/.test(message) ? message : message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

type Read<V> = { data: V | undefined; error: unknown; isError: boolean; isFetching?: boolean; refetch: () => unknown };

type StateViewProps<V> = {
  read: Read<V>;
  /** What is read, in the middle of a sentence. */
  what: string;
  /** The failure's first words, when they are not `Could not read ...`. */
  failed?: string;
  stillTrue?: string;
  /** Decides between nothing and data; without it there is always data. */
  isEmpty?: (value: V) => boolean;
  empty?: ReactNode;
  children: (value: V) => ReactNode;
};

/** One query in its four states. */
export function StateView<V>({ read, what, failed, stillTrue, isEmpty, empty, children }: StateViewProps<V>) {
  if (read.isError) {
    return (
      <Failed
        what={failed ?? t`Could not read ${what}`}
        error={read.error}
        {...(stillTrue === undefined ? {} : { stillTrue })}
        retrying={read.isFetching ?? false}
        onRetry={() => void read.refetch()}
      />
    );
  }
  if (read.data === undefined) return <Loading what={what} />;
  if (isEmpty?.(read.data) === true) return empty;
  return children(read.data);
}
