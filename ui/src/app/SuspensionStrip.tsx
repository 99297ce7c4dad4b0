// On every page: to a suspended user what happened and how it ends; to those who can lift it, that somebody waits.
import { plural, t } from '@lingui/core/macro';
import { Button, Modal } from '@mantine/core';
import { IconUserExclamation } from '@tabler/icons-react';
import { useState } from 'react';
import type { SessionView } from '@/api/types';
import { belowBanner } from '@/components/belowBanner';
import { SupervisedLift, SuspensionNote } from '@/components/SupervisedLift';
import { moment } from '@/lib/language/moment';
import classes from './frame.module.css';

export function SuspensionStrip({ session, onGo }: { session: SessionView; onGo: () => void }) {
  const [open, setOpen] = useState(false);
  const { suspension, suspendedAccounts } = session;
  if (suspension !== null)
    return (
      <div className={classes.strip} role="note" aria-label={t`Account suspended`}>
        <IconUserExclamation size={16} aria-hidden />
        <span>
          {suspension.incident === null
            ? t`Your account is suspended on this workstation since ${moment(suspension.since)}: ${suspension.asked} charts within an hour, where ${suspension.usual} are usual.`
            : t`Your account is suspended on every workstation since ${moment(suspension.since)}, over incident ${suspension.incident} of the central server.`}{' '}
          {suspension.emergency ? t`In an emergency a chart still opens.` : t`No chart opens.`}
        </span>
        <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
          {t`What now`}
        </Button>
        <Modal {...belowBanner} opened={open} onClose={() => setOpen(false)} title={t`Account suspended`} closeButtonProps={{ 'aria-label': t`Close` }} transitionProps={{ duration: 0 }}>
          <div className={classes.stack}>
            <SuspensionNote note={suspension} />
            <SupervisedLift session={session} />
          </div>
        </Modal>
      </div>
    );
  if ((suspendedAccounts ?? 0) === 0) return null;
  return (
    <div className={classes.strip} role="note" aria-label={t`Suspended accounts`}>
      <IconUserExclamation size={16} aria-hidden />
      <span>
        {t`${plural(suspendedAccounts ?? 0, { one: '# account is', other: '# accounts are' })} suspended on this workstation over unusual access.`}
      </span>
      <Button variant="default" size="compact-sm" onClick={onGo}>
        {t`Show it`}
      </Button>
    </div>
  );
}
