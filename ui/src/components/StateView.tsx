// Loading, failure, nothing and data are four different things on every screen.
import { Button } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { failureOf } from '@/api/client';
import classes from './StateView.module.css';

/** Says that something is being read, but only when it takes longer than a glance. */
export function Loading({ what }: { what: string }) {
  const [shown, setShown] = useState(false);
  useTimeout(() => setShown(true), 150, { autoInvoke: true });
  return (
    <div className={classes.state} role="status" aria-busy="true">
      {shown ? <span className="quiet">Reading {what} …</span> : null}
    </div>
  );
}

/** What would be here, and what to do next. */
export function Empty({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {hint === undefined ? null : <p className="quiet">{hint}</p>}
      {action}
    </div>
  );
}

/** What failed, what is still true, and what to do. */
export function Failed({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const failure = failureOf(error);
  return (
    <div className={classes.failed} role="alert">
      <p className={classes.title}>
        <IconAlertTriangle size={18} aria-hidden /> {what}
      </p>
      <p>{sentence(failure.message)}</p>
      {retry === undefined ? null : (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** The core's messages begin in lower case, so that they can stand after a colon. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

type Read<V> = { data: V | undefined; error: unknown; isError: boolean; refetch: () => unknown };

/** One query in its four states. `isEmpty` decides between nothing and data. */
export function StateView<V>(props: {
  read: Read<V>;
  what: string;
  isEmpty: (value: V) => boolean;
  empty: ReactNode;
  children: (value: V) => ReactNode;
}) {
  const { read, what } = props;
  if (read.isError) return <Failed what={`Could not read ${what}`} error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <Loading what={what} />;
  if (props.isEmpty(read.data)) return props.empty;
  return props.children(read.data);
}
