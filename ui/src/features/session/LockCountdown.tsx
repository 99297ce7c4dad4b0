// The quiet bar in the last minute before the idle lock.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { IconClock } from '@tabler/icons-react';
import classes from './session.module.css';

export function LockCountdown({ seconds }: { seconds: number }) {
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <section className={classes.countdown} aria-label={t`Time to lock`}>
      <IconClock size={16} aria-hidden />
      <span role="timer">
        <Trans>Locks in <strong>{clock}</strong>. Press a key or move the pointer to stay.</Trans>
      </span>
      <span className="visually-hidden" role="status">
        {t`This workstation locks within a minute unless you go on.`}
      </span>
    </section>
  );
}
