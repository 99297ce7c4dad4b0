// The way back, in the order in which it is gone; docs/deployment/backup-and-recovery.md says more.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import classes from './recovery.module.css';

export function HowToRestore() {
  return (
    <>
      <ol className={classes.steps}>
        <li>{t`Close Vigil on the computer that takes the data, also for other users of it.`}</li>
        <li>
          <Trans>On this computer, as an administrator:
          <code className={classes.command}>vigil restore FILE --as USER</code>
          On another computer, with the recovery key from the paper:
          <code className={classes.command}>vigil restore FILE --recovery-key</code></Trans>
        </li>
        <li>
          {t`Every page of the backup, its database and its audit log are verified before anything is replaced. What was there is put aside, and the command says where.`}
        </li>
        <li>
          <Trans>A backup that is older than what the workstation remembers is refused. If it is meant, add <code className={classes.mono}>--accept-rollback</code>;
          what was done since is lost, and the restore is on record.</Trans>
        </li>
        <li>{t`On another computer every user needs a new password: an administrator gets one with “Forgotten password?”, and gives the others theirs.`}</li>
      </ol>
      <p className="quiet">{t`Rehearse it twice a year on a spare computer: a backup that nobody has restored is a hope.`}</p>
    </>
  );
}
