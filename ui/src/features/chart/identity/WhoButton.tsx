// Opens the form about who this is, and says afterwards what was stored.
import { t } from '@lingui/core/macro';
import { IconUserEdit } from '@tabler/icons-react';
import classes from './identity.module.css';

type WhoButtonProps = { left: { stored: string } | null; onBegin: () => void };

export function WhoButton({ left, onBegin }: WhoButtonProps) {
  const stored = left?.stored ?? '';
  return (
    <>
      <p role="status" className={classes.stored}>
        {stored === '' ? '' : t`Stored: ${stored}`}
      </p>
      {/* Whoever closed the form stands where they opened it. */}
      <button type="button" id="chart-change-who" className={classes.button} autoFocus={left !== null} onClick={onBegin}>
        <IconUserEdit size={14} aria-hidden /> {t`Change who this is`}
      </button>
    </>
  );
}
