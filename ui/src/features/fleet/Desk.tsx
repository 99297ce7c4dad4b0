// A part of the desk in its states. One more than everywhere: closed, until the password is shown to the server.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { failureOf } from '@/api/client';
import { Empty, StateView } from '@/components/StateView';
import classes from './fleet.module.css';

type Read<V> = { data: V | undefined; error: unknown; isError: boolean; isFetching: boolean; refetch: () => unknown };
type Props<V> = {
  read: Read<V>;
  what: string;
  isEmpty?: (value: V) => boolean;
  empty?: ReactNode;
  children: (value: V) => ReactNode;
};

export function Desk<V>({ read, ...rest }: Props<V>) {
  if (read.isError && failureOf(read.error).code === 'reauthentication-needed')
    return (
      <Empty
        title={t`The desk is closed`}
        hint={t`The server opens it to your password, for a quarter of an hour at a time.`}
        action={
          <Button size="compact-sm" loading={read.isFetching} onClick={() => void read.refetch()}>
            {t`Open the desk`}
          </Button>
        }
      />
    );
  return (
    <StateView read={read} stillTrue={t`Alarms are raised and sent by the server all the same; this workstation works on.`} {...rest}>
      {rest.children}
    </StateView>
  );
}

/** Reads anew by hand: each read is on record, so none is made behind anybody’s back. */
export function LookAgain({ read, words }: { read: Pick<Read<unknown>, 'isFetching' | 'refetch'>; words: string }) {
  return (
    <div className={classes.again}>
      <span className="quiet">{words}</span>
      <Button variant="default" size="compact-sm" leftSection={<IconRefresh size={14} aria-hidden />} loading={read.isFetching} onClick={() => void read.refetch()}>
        {t`Look again`}
      </Button>
    </div>
  );
}
