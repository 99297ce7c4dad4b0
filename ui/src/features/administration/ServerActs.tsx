// What an administrator can do about the connection to the central server.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useKeyDeposit, useSyncRetry } from '@/api/sync';
import { Failed } from '@/components/StateView';
import classes from './server.module.css';

const words = {
  get joined() { return t`Enrolled. The audit log is sent from its first entry on, and the server has the group keys.`; },
  get asked() { return t`The server is asked again. What comes of it shows above.`; },
  get deposited() { return t`The server has the group keys of this workstation.`; },
} as const;

export function ServerActs({ joined, onAgain }: { joined: boolean; onAgain: () => void }) {
  const retry = useSyncRetry();
  const deposit = useKeyDeposit();
  // Nothing was done here yet: what is said is how it came to this page, which may be told a moment after the page is drawn.
  const [acted, setDone] = useState<keyof typeof words | null>();
  const done = acted === undefined ? (joined ? 'joined' : null) : acted;
  const busy = retry.isPending || deposit.isPending;

  function begin() {
    setDone(null);
    retry.reset();
    deposit.reset();
  }

  function askAgain() {
    begin();
    retry.mutate(undefined, { onSuccess: () => setDone('asked') });
  }

  function handOver() {
    begin();
    deposit.mutate(undefined, { onSuccess: () => setDone('deposited') });
  }

  return (
    <section className={classes.part} aria-label={t`What to do`}>
      <dl className={classes.acts}>
        <dt>
          <Button variant="default" fullWidth autoFocus loading={retry.isPending} disabled={busy} onClick={askAgain}>
            {t`Try again now`}
          </Button>
        </dt>
        <dd>{t`Sends what waits, and tries again what was given up.`}</dd>
        <dt>
          <Button variant="default" fullWidth loading={deposit.isPending} disabled={busy} onClick={handOver}>
            {t`Hand over group keys`}
          </Button>
        </dt>
        <dd>{t`Where users of the directory open no charts here. The same again changes nothing.`}</dd>
        <dt>
          <Button variant="default" fullWidth disabled={busy} onClick={onAgain}>
            {t`Enrol again with a new token`}
          </Button>
        </dt>
        <dd>{t`Where the server refuses this workstation, or for another server.`}</dd>
      </dl>
      <p role="status" className={classes.good}>
        {done === null ? null : (
          <>
            <IconCircleCheck size={18} aria-hidden /> <span>{words[done]}</span>
          </>
        )}
      </p>
      {retry.isError ? <Failed what={t`The server was not asked`} error={retry.error} /> : null}
      {deposit.isError ? <Failed what={t`The group keys were not handed over`} error={deposit.error} stillTrue={t`Nothing was changed. Entries are sent all the same.`} /> : null}
    </section>
  );
}
