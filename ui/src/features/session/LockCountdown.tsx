// The quiet bar in the last minute before the idle lock.
import { IconClock } from '@tabler/icons-react';
import classes from './session.module.css';

export function LockCountdown({ seconds }: { seconds: number }) {
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <section className={classes.countdown} aria-label="Time to lock">
      <IconClock size={16} aria-hidden />
      <span role="timer">
        Locks in <strong>{clock}</strong>. Press a key or move the pointer to stay.
      </span>
      <span className="visually-hidden" role="status">
        This workstation locks within a minute unless you go on.
      </span>
    </section>
  );
}
