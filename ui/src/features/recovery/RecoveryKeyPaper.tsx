// The key, for the one time that it is shown: to be printed or written down, and two of its groups typed back.
import { t } from '@lingui/core/macro';
import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/api/client';
import { QrCode } from '@/components/QrCode';
import { useRecoveryKeyCancel, useRecoveryKeyConfirm, useRecoveryKeySave, useSaveChoose } from '@/api/mutations';
import type { RecoveryKeyView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { clear, field, focusField } from '@/lib/form';
import { moment } from '@/lib/language/moment';
import classes from './recovery.module.css';

export function RecoveryKeyPaper({ shown, onEnd }: { shown: RecoveryKeyView; onEnd: () => void }) {
  const choose = useSaveChoose();
  const save = useRecoveryKeySave();
  const confirm = useRecoveryKeyConfirm();
  const cancel = useRecoveryKeyCancel();
  const [saved, setSaved] = useState<string | null>(null);
  const [missing, setMissing] = useState<string>();

  async function saveAs() {
    const path = await choose.mutateAsync(`vigil-recovery-key-${shown.fingerprint}.pdf`);
    if (path === null) return;
    await save.mutateAsync(path);
    setSaved(path);
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const names = shown.ask.map((number) => `group${number}`);
    const groups = names.map((name) => field(form, name).trim());
    const empty = groups.findIndex((group) => group === '');
    if (empty !== -1) {
      setMissing(t`Type group ${shown.ask[empty] ?? 1} of the paper`);
      return focusField(form, names[empty] ?? '');
    }
    setMissing(undefined);
    clear(form, ...names);
    if (await confirm.submit({ groups })) onEnd();
    else focusField(form, names[0] ?? '');
  }

  const problem = choose.error ?? save.error;
  return (
    <div className={classes.flow}>
      <dl className={classes.facts}>
        <dt>{t`Name of this key`}</dt>
        <dd className={classes.mono}>{shown.fingerprint}</dd>
        <dt>{t({ message: 'For', context: 'paper' })}</dt>
        <dd>
          {shown.organization}, {moment(shown.date)}
        </dd>
      </dl>
      <div className={classes.paper}>
        <ol className={classes.key} aria-label={t`The recovery key, group by group`}>
          {shown.groups.map((group, index) => (
            <li key={index}>
              <span className={classes.number}>{index + 1}</span>
              <span>{group}</span>
            </li>
          ))}
        </ol>
        <QrCode rows={shown.qr} label={t`The recovery key as a QR code`} />
      </div>
      <div className={classes.buttons}>
        <Button onClick={() => void saveAs().catch(() => undefined)} loading={choose.isPending || save.isPending} autoFocus>
          {t`Save the paper as PDF`}
        </Button>
        <span role="status">{saved === null ? null : t`Saved as ${saved}. Print it, then delete the file.`}</span>
      </div>
      <div role="alert" className={classes.problem}>
        {problem === null ? null : sentence(failureOf(problem).message)}
      </div>
      <form className={classes.flow} aria-label={t`Type two groups back`} noValidate onSubmit={(event) => void submit(event)}>
        <p>{t`Type these two groups from the paper, not from this screen. The key counts only then.`}</p>
        <div className={classes.groups}>
          {shown.ask.map((number) => (
            <TextInput key={number} name={`group${number}`} label={t`Group ${number}`} autoComplete="off" autoCapitalize="characters" spellCheck={false} maxLength={8} />
          ))}
        </div>
        <div role="alert" className={classes.problem}>
          {missing ?? (confirm.failure ? sentence(confirm.failure.message) : null)}
        </div>
        <div className={classes.buttons}>
          <Button type="submit" loading={confirm.pending}>
            {t`The paper is safe: use this key`}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              cancel.mutate();
              onEnd();
            }}
          >
            {t`Throw this key away`}
          </Button>
        </div>
      </form>
    </div>
  );
}
