// The way back, in the order in which it is gone; docs/deployment/backup-and-recovery.md says more.
import classes from './recovery.module.css';

export function HowToRestore() {
  return (
    <>
      <ol className={classes.steps}>
        <li>Close Vigil on the computer that takes the data, also for other users of it.</li>
        <li>
          On this computer, as an administrator:
          <code className={classes.command}>vigil restore FILE --as USER</code>
          On another computer, with the recovery key from the paper:
          <code className={classes.command}>vigil restore FILE --recovery-key</code>
        </li>
        <li>
          Every page of the backup, its database and its audit log are verified before anything is replaced. What was there is put aside, and the command says
          where.
        </li>
        <li>
          A backup that is older than what the workstation remembers is refused. If it is meant, add <code className={classes.mono}>--accept-rollback</code>;
          what was done since is lost, and the restore is on record.
        </li>
        <li>On another computer every user needs a new password: an administrator gets one with “Forgotten password?”, and gives the others theirs.</li>
      </ol>
      <p className="quiet">Rehearse it twice a year on a spare computer: a backup that nobody has restored is a hope.</p>
    </>
  );
}
