// That the emergency account is in use, to whoever uses it; that it was, to those who seal it anew and look into it.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { SessionView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import classes from './frame.module.css';

export function EmergencyAccountStrip({ session, onGo }: { session: SessionView; onGo: () => void }) {
  const using = session.user?.emergencyAccount === true;
  if (!using && session.emergencyAccountUsed === null) return null;
  return (
    <div className={classes.strip} role="note" aria-label={t`Emergency account`}>
      <IconAlertTriangle size={16} aria-hidden />
      <span>
        {using
          ? t`You use the emergency account. An alarm was raised, and everything that you do is on record as emergency treatment.`
          : t`The emergency account was used on ${moment(session.emergencyAccountUsed ?? '')}. Its halves are known: it has to be sealed anew.`}
      </span>
      {!using && session.may.backUp ? (
        <Button variant="default" size="compact-sm" onClick={onGo}>
          {t`Seal it`}
        </Button>
      ) : null}
    </div>
  );
}
