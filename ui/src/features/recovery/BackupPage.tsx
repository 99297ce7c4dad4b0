// The administrator's page for the day when this workstation is gone: the recovery key, backups, and the way back.
import { plural, t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useEmergencyAccount } from '@/api/emergencyAccount';
import { useBackupCancel, useBackupStart, useSaveChoose } from '@/api/mutations';
import { useBackupProgress, useBackupStatus, useRecovery } from '@/api/queries';
import type { BackupProgress, BackupStatusView, RecoveryView } from '@/api/types';
import { useBackupEvents } from '@/api/useEvents';
import { Failed, sentence, StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
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
    <section className={classes.page} aria-label={t`Backup and recovery`}>
      <h1 className={classes.heading}>{t`Backup & recovery`}</h1>
      <p className={classes.lead}>{t`Contingency plan (45 CFR 164.308(a)(7)): a backup elsewhere, and a paper that opens it.`}</p>
      <section className={classes.part} aria-label={t`Backup`}>
        <h2 className={classes.subheading}>{t`Backup`}</h2>
        <StateView read={status} what={t`when the last backup was written`} isEmpty={() => false} empty={null}>
          {(value) => <Backup status={value} />}
        </StateView>
      </section>
      <section className={classes.part} aria-label={t`Recovery key`}>
        <h2 className={classes.subheading}>{t`Organisation recovery key`}</h2>
        <StateView read={recovery} what={t`the state of the recovery key`} isEmpty={() => false} empty={null}>
          {(value) => <Recovery state={value} />}
        </StateView>
      </section>
      <section className={classes.part} aria-label={t`Emergency account`}>
        <h2 className={classes.subheading}>{t`Emergency account`}</h2>
        <StateView read={account} what={t`the state of the emergency account`}>
          {(value) => <EmergencyAccount state={value} />}
        </StateView>
      </section>
      <section className={classes.part} aria-label={t`How to restore`}>
        <h2 className={classes.subheading}>{t`How to restore`}</h2>
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
              ? t`No backup of this workstation was ever written.`
              : status.ageDays === null
                ? t`The last backup is of a time that has not come yet: check the clock.`
                : t`The last backup is ${status.ageDays} days old.`}{' '}
            {t`What happens to this computer happens to the records.`}
          </span>
        </p>
      ) : null}
      <dl className={classes.facts}>
        <dt>{t`Last backup`}</dt>
        <dd>{status.last === null ? t`Never` : dated(moment(status.last), status.ageDays)}</dd>
        <dt>{t`Due after`}</dt>
        <dd>{t`${status.warnAfterDays} days`}</dd>
      </dl>
      <p className="quiet">
        {t`One encrypted file, written while everybody goes on working. Put it on another disk, away from this computer and from the recovery key. Records that are destroyed later stay in it until it is deleted.`}
      </p>
      <Button autoFocus disabled={running || choose.isPending || start.isPending} onClick={() => void chooseAndStart().catch(() => undefined)}>
        {t`Write a backup`}
      </Button>
      {failure === null ? null : <Failed what={t`The backup did not start`} error={failure} />}
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
          <label htmlFor="backup-progress">{t`Writing ${now.path ?? ''}`}</label>
          <progress id="backup-progress" className={classes.progress} max={100} value={now.percent} />
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t`Stop the backup`}
          </Button>
        </>
      );
    case 'done':
      return (
        <p role="status" className={classes.good}>
          <IconShieldCheck size={18} aria-hidden /> {t`Written: ${now.path ?? ''} (${now.size ?? ''})`}
        </p>
      );
    case 'cancelled':
      return <p role="status">{t`The backup was stopped. Nothing of it is left.`}</p>;
    default:
      return (
        <p role="alert" className={classes.problem}>
          {sentence(now.problem ?? t`the backup failed`)} {t`Nothing of it is left.`}
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
          <dt>{t`Name of the paper`}</dt>
          <dd className={classes.mono}>{state.fingerprint}</dd>
          <dt>{t`Made`}</dt>
          <dd>{moment(state.made ?? t`Not known`)}</dd>
        </dl>
      ) : (
        <p className={classes.warning} role="note">
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {state.stage === 'broken'
              ? t`The files of this workstation name different recovery keys: none can be relied on. Make a new one, and find out who changed device.json.`
              : t`There is no recovery key. When the device key of this workstation is lost, nobody opens its data or its backups.`}
          </span>
        </p>
      )}
      <Button variant={made ? 'default' : 'filled'} onClick={() => setMaking(true)}>
        {made ? t`Make a new recovery key` : t`Make the recovery key`}
      </Button>
    </>
  );
}

function dated(last: string, days: number | null): string {
  if (days === null) return last;
  return days === 0 ? t`${last} (today)` : t`${last} (${plural(days, { one: '# day ago', other: '# days ago' })})`;
}
