// The quiet bar in the last minute before the idle lock.
import { IconClock } from '@tabler/icons-react';
import classes from './session.module.css';

export function LockCountdown({ seconds }: { seconds: number }) {
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <div className={classes.countdown} role="timer" aria-label="Time to lock">
      <IconClock size={16} aria-hidden />
      <span>
        Locks in <strong>{clock}</strong>. Press a key or move the pointer to stay.
      </span>
      <span className="visually-hidden" role="status">
        This workstation locks within a minute unless you go on.
      </span>
    </div>
  );
}
