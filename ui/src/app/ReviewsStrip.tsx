// What a privacy officer is told on every page until it is seen to: that the review of an emergency access is overdue.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import type { SessionView } from '@/api/types';
import classes from './frame.module.css';

export function ReviewsStrip({ session, onGo }: { session: SessionView; onGo: () => void }) {
  const overdue = session.reviews?.overdue ?? 0;
  if (overdue === 0) return null;
  const words = overdue === 1 ? t`1 emergency access was not reviewed within 72 hours.` : t`${overdue} emergency accesses were not reviewed within 72 hours.`;
  return (
    <div className={classes.strip} role="note" aria-label={t`Overdue reviews`}>
      <IconClockExclamation size={16} aria-hidden />
      <span>{words}</span>
      <Button variant="default" size="compact-sm" onClick={onGo}>
        {t({ message: 'Review', context: 'verb' })}
      </Button>
    </div>
  );
}
