// What to look at twice before this patient is opened: icon and word, never colour alone.
import { t } from '@lingui/core/macro';
import { IconLock, IconUsers } from '@tabler/icons-react';
import type { PatientRow } from '@/api/types';
import classes from './PatientMarks.module.css';

export function PatientMarks({ row }: { row: PatientRow }) {
  return (
    <span className={classes.marks}>
      {row.lookAlike ? (
        <span className={classes.attention}>
          <IconUsers size={14} aria-hidden /> {t`Similar name`}
        </span>
      ) : null}
      {row.restricted ? (
        <span className={classes.restricted}>
          <IconLock size={14} aria-hidden /> {t`Restricted`}
        </span>
      ) : null}
      {row.deceased ? <span className={classes.deceased}>{t`Deceased`}</span> : null}
    </span>
  );
}
