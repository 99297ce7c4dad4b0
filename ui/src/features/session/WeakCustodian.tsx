// Who keeps the device key; a keeper that protects nothing by itself is said on every page.
import { t } from '@lingui/core/macro';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import type { SessionView } from '@/api/types';
import classes from './session.module.css';

export function WeakCustodian({ session }: { session: Pick<SessionView, 'custodian' | 'custodianIsWeak'> }) {
  if (!session.custodianIsWeak) {
    return (
      <span className={classes.custodian}>
        <IconKey size={14} aria-hidden /> {t`Device key: ${session.custodian}`}
      </span>
    );
  }
  return (
    <span className={classes.custodian} data-weak>
      <IconAlertTriangle size={14} aria-hidden /> {t`Device key: ${session.custodian}, not protected`}
    </span>
  );
}
