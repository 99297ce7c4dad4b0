// Making the organisation recovery key: what it is for, the paper, two groups typed back; or going on without, said twice.
import { t } from '@lingui/core/macro';
import '@/components/mantine-behind.css';
import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useRecoveryKeyDecline, useRecoveryKeyMake } from '@/api/mutations';
import type { RecoveryKeyView, RecoveryStage } from '@/api/types';
import { sentence } from '@/components/StateView';
import { failureOf } from '@/api/client';
import { clear, field, focusField } from '@/lib/form';
import { RecoveryKeyPaper } from './RecoveryKeyPaper';
import classes from './recovery.module.css';

type Props = { stage: RecoveryStage; onEnd?: () => void };

export function RecoveryKeyFlow({ stage, onEnd }: Props) {
  const [key, setKey] = useState<RecoveryKeyView | null>(null);
  const [declining, setDeclining] = useState(false);
  const make = useRecoveryKeyMake(setKey);
  const first = stage === 'missing';

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const password = first ? null : field(form, 'password');
    clear(form, 'password');
    if (!(await make.submit({ password }))) focusField(form, 'password');
  }

  if (key !== null) {
    const over = () => {
      setKey(null);
      onEnd?.();
    };
    return <RecoveryKeyPaper shown={key} onEnd={over} />;
  }
  if (declining) return <Decline onBack={() => setDeclining(false)} />;
  return (
    <form className={classes.flow} aria-label={t`Make the recovery key`} onSubmit={(event) => void submit(event)}>
      <p>
        {t`The recovery key opens this workstation’s data when its device key is lost, and gives an administrator a new password when nobody knows one any more. It exists on paper only: Vigil shows it once and keeps no copy.`}
      </p>
      <p>
        {t`Have a printer or a pen at hand, and a sealed envelope. Two persons should keep it together, away from this workstation and from its backups.`}
      </p>
      {first ? null : (
        <>
          <p className={classes.warning}>
            <IconAlertTriangle size={16} aria-hidden />
            <span>{t`A new key ends the old one for this workstation and for later backups. Backups that are older still need the old paper: keep it.`}</span>
          </p>
          <PasswordInput
            name="password"
            label={t`Your password, again`}
            autoComplete="off"
            autoFocus
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
          />
        </>
      )}
      <div role="alert" className={classes.problem}>
        {make.failure ? sentence(make.failure.message) : null}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={make.pending} autoFocus={first}>
          {t`Make the recovery key`}
        </Button>
        {first ? (
          <Button variant="default" onClick={() => setDeclining(true)}>
            {t`Go on without one`}
          </Button>
        ) : (
          <Button variant="default" onClick={() => onEnd?.()}>
            {t`Leave it as it is`}
          </Button>
        )}
      </div>
    </form>
  );
}

function Decline({ onBack }: { onBack: () => void }) {
  const decline = useRecoveryKeyDecline();
  const [sure, setSure] = useState(false);
  return (
    <section className={classes.flow} aria-label={t`Go on without a recovery key`}>
      <p className={classes.warning}>
        <IconAlertTriangle size={16} aria-hidden />
        <span>
          {t`Without a recovery key nobody can open the data when the TPM, token or keystore of this workstation is lost or replaced: not this program, not its makers, no backup. Nor can a forgotten administrator’s password be replaced.`}
        </span>
      </p>
      <p>{t`The decision is on record with your name and is shown to administrators on every page. A key can be made at any time.`}</p>
      <Checkbox label={t`I know that the data can be lost for good`} checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} autoFocus />
      <div role="alert" className={classes.problem}>
        {decline.isError ? sentence(failureOf(decline.error).message) : null}
      </div>
      <div className={classes.buttons}>
        <Button color="red" variant="outline" disabled={!sure} loading={decline.isPending} onClick={() => decline.mutate()}>
          {t`Go on without a recovery key`}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t`Back`}
        </Button>
      </div>
    </section>
  );
}
