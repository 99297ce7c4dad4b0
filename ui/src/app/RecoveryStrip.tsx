// What an administrator is told on every page until it is seen to: that a lost device key would take the data with it.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { SessionView } from '@/api/types';
import classes from './frame.module.css';

const words = {
  get declined() { return t`No recovery key: if the device key is lost, so is the data.`; },
  get broken() { return t`The recovery key cannot be used any more: make a new one.`; },
} as const;

export function RecoveryStrip({ session, onGo }: { session: SessionView; onGo: () => void }) {
  const stage = session.recovery;
  if (stage !== 'declined' && stage !== 'broken') return null;
  return (
    <div className={classes.strip} role="note" aria-label={t`Recovery key`}>
      <IconAlertTriangle size={16} aria-hidden />
      <span>{words[stage]}</span>
      <Button variant="default" size="compact-sm" onClick={onGo}>
        {t`See to it`}
      </Button>
    </div>
  );
}
