// Opens the page of printing.
import { t } from '@lingui/core/macro';
import { IconPrinter } from '@tabler/icons-react';
import classes from '../identity/identity.module.css';

export function PrintButton({ left, onBegin }: { left: boolean; onBegin: () => void }) {
  return (
    <button type="button" id="chart-print" className={classes.button} autoFocus={left} aria-keyshortcuts="Alt+P" title={t`Print (Alt+P)`} onClick={onBegin}>
      <IconPrinter size={14} aria-hidden /> {t`Print`}
    </button>
  );
}
