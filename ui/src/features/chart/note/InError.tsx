// That a signed note was entered in error: above everything else that could be taken for the note, or why such a mark does not count.
import { t } from '@lingui/core/macro';
import { IconAlertOctagon, IconAlertTriangle } from '@tabler/icons-react';
import type { NoteErrorView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import classes from './note.module.css';

/** Whether the note does not count. A mark that does not hold takes nothing out. */
export const isInError = (error: NoteErrorView | null) => error?.check === 'intact';

export function InError({ error }: { error: NoteErrorView }) {
  const { who, when, reason, check } = error;
  if (check !== 'intact') {
    return (
      <div role="alert" className={classes.doubtful}>
        <IconAlertTriangle size={20} aria-hidden />
        <p className={classes.plain}>
          {check === 'broken'
            ? t`Something in this record says that this note was entered in error, and that was not signed here or was changed since. The note counts. Tell your administrator.`
            : t`Another workstation says that this note was entered in error; whether that is true cannot be checked here. Ask the author before you rely on it.`}
        </p>
      </div>
    );
  }
  return (
    <section aria-label={t`Entered in error`} className={classes.broken}>
      <IconAlertOctagon size={20} aria-hidden />
      <div>
        <p className={classes.brokenTitle}>{t`Entered in error`}</p>
        <p className={classes.plain}>{t`This note does not count. ${who} marked it on ${moment(when)}:`}</p>
        <p className={classes.words}>{reason}</p>
      </div>
    </section>
  );
}
