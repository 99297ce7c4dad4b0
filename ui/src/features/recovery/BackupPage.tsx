// The administrator's page for the day when this workstation is gone: the recovery key, backups, and the way back.
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useEmergencyAccount } from '@/api/emergencyAccount';
import { useBackupCancel, useBackupStart, useSaveChoose } from '@/api/mutations';
import { useBackupProgress, useBackupStatus, useRecovery } from '@/api/queries';
import type { BackupProgress, BackupStatusView, RecoveryView } from '@/api/types';
import { useBackupEvents } from '@/api/useEvents';
import { Failed, sentence, StateView } from '@/components/StateView';
import { EmergencyAccount } from './EmergencyAccount';
import { HowToRestore } from './HowToRestore';
import { RecoveryKeyFlow } from './RecoveryKeyFlow';
import classes from './recovery.module.css';

export function BackupPage() {
  useBackupEvents();
  const recovery = useRecovery();
  const status = useBackupStatus();
  const account = useEmergencyAccount();
  return (
    <section className={classes.page} aria-label="Backup and recovery">
      <h1 className={classes.heading}>Backup &amp; recovery</h1>
      <p className={classes.lead}>Contingency plan (45 CFR 164.308(a)(7)): a backup elsewhere, and a paper that opens it.</p>
      <section className={classes.part} aria-label="Backup">
        <h2 className={classes.subheading}>Backup</h2>
        <StateView read={status} what="when the last backup was written" isEmpty={() => false} empty={null}>
          {(value) => <Backup status={value} />}
        </StateView>
      </section>
      <section className={classes.part} aria-label="Recovery key">
        <h2 className={classes.subheading}>Organisation recovery key</h2>
        <StateView read={recovery} what="the state of the recovery key" isEmpty={() => false} empty={null}>
          {(value) => <Recovery state={value} />}
        </StateView>
      </section>
      <section className={classes.part} aria-label="Emergency account">
        <h2 className={classes.subheading}>Emergency account</h2>
        <StateView read={account} what="the state of the emergency account">
          {(value) => <EmergencyAccount state={value} />}
        </StateView>
      </section>
      <section className={classes.part} aria-label="How to restore">
        <h2 className={classes.subheading}>How to restore</h2>
        <HowToRestore />
      </section>
    </section>
  );
}

function Backup({ status }: { status: BackupStatusView }) {
  const progress = useBackupProgress();
  const choose = useSaveChoose();
  const start = useBackupStart();
  const running = progress.data?.phase === 'writing';

  async function chooseAndStart() {
    const path = await choose.mutateAsync(status.suggestedName);
    if (path !== null) await start.mutateAsync({ path });
  }

  const failure = choose.error ?? start.error;
  return (
    <>
      {status.overdue ? (
        <p className={classes.warning} role="note">
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {status.last === null
              ? 'No backup of this workstation was ever written.'
              : status.ageDays === null
                ? 'The last backup is of a time that has not come yet: check the clock.'
                : `The last backup is ${status.ageDays} days old.`}{' '}
            What happens to this computer happens to the records.
          </span>
        </p>
      ) : null}
      <dl className={classes.facts}>
        <dt>Last backup</dt>
        <dd>{status.last === null ? 'Never' : `${status.last}${age(status.ageDays)}`}</dd>
        <dt>Due after</dt>
        <dd>{status.warnAfterDays} days</dd>
      </dl>
      <p className="quiet">
        One encrypted file, written while everybody goes on working. Put it on another disk, away from this computer and from the recovery key. Records that
        are destroyed later stay in it until it is deleted.
      </p>
      <Button autoFocus disabled={running || choose.isPending || start.isPending} onClick={() => void chooseAndStart().catch(() => undefined)}>
        Write a backup
      </Button>
      {failure === null ? null : <Failed what="The backup did not start" error={failure} />}
      {progress.data == null ? null : <Progress now={progress.data} />}
    </>
  );
}

function Progress({ now }: { now: BackupProgress }) {
  const cancel = useBackupCancel();
  switch (now.phase) {
    case 'writing':
      return (
        <>
          <label htmlFor="backup-progress">Writing {now.path}</label>
          <progress id="backup-progress" className={classes.progress} max={100} value={now.percent} />
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Stop the backup
          </Button>
        </>
      );
    case 'done':
      return (
        <p role="status" className={classes.good}>
          <IconShieldCheck size={18} aria-hidden /> Written: {now.path} ({now.size})
        </p>
      );
    case 'cancelled':
      return <p role="status">The backup was stopped. Nothing of it is left.</p>;
    default:
      return (
        <p role="alert" className={classes.problem}>
          {sentence(now.problem ?? 'the backup failed')} Nothing of it is left.
        </p>
      );
  }
}

function Recovery({ state }: { state: RecoveryView }) {
  const [making, setMaking] = useState(false);
  if (making) return <RecoveryKeyFlow stage={state.stage} onEnd={() => setMaking(false)} />;
  const made = state.stage === 'made';
  return (
    <>
      {made ? (
        <dl className={classes.facts}>
          <dt>Name of the paper</dt>
          <dd className={classes.mono}>{state.fingerprint}</dd>
          <dt>Made</dt>
          <dd>{state.made}</dd>
        </dl>
      ) : (
        <p className={classes.warning} role="note">
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {state.stage === 'broken'
              ? 'The files of this workstation name different recovery keys: none can be relied on. Make a new one, and find out who changed device.json.'
              : 'There is no recovery key. When the device key of this workstation is lost, nobody opens its data or its backups.'}
          </span>
        </p>
      )}
      <Button variant={made ? 'default' : 'filled'} onClick={() => setMaking(true)}>
        {made ? 'Make a new recovery key' : 'Make the recovery key'}
      </Button>
    </>
  );
}

function age(days: number | null): string {
  if (days === null) return '';
  return days === 0 ? ' (today)' : days === 1 ? ' (1 day ago)' : ` (${days} days ago)`;
}
