// The second person's part: agreeing, with the patient named once more, or taking the request back.
import { t } from '@lingui/core/macro';
import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useDestructionApprove, useDestructionWithdraw } from '@/api/mutations';
import type { DestructionRow } from '@/api/types';
import { sentence } from '@/components/StateView';
import { field, focusField } from '@/lib/form';
import classes from './destruction.module.css';

export function Decide({ row }: { row: DestructionRow }) {
  const approve = useDestructionApprove();
  const withdraw = useDestructionWithdraw();
  const [mistake, setMistake] = useState<string | null>(null);
  const failure = approve.error ?? withdraw.error;
  const what = row.resource === null ? t`the whole record` : t`this entry`;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    if (field(form, 'patientId').trim() !== row.patientId) {
      setMistake(t`This is not the id of the patient above`);
      return focusField(form, 'patientId');
    }
    setMistake(null);
    approve.mutate({ id: row.id, patientId: row.patientId });
  }

  return (
    <form className={classes.decide} aria-label={t`Decide`} noValidate onSubmit={submit}>
      {row.own ? (
        <p className={classes.note}>{t`You asked for this. Another administrator or privacy officer agrees, or either of you takes it back.`}</p>
      ) : (
        <>
          <p className={classes.warning}>
            {t`Agreeing destroys ${what} at once and for good, on this workstation and in every older copy that is restored to it. Backups elsewhere keep it until they are deleted.`}
          </p>
          <TextInput name="patientId" label={t`Patient id, once more`} autoComplete="off" spellCheck={false} maxLength={64} />
        </>
      )}
      <div role="alert" className={classes.problem}>
        {mistake ?? (failure ? sentence(failure.message) : null)}
      </div>
      <div className={classes.actions}>
        {row.own ? null : (
          <Button type="submit" className={classes.destroy} loading={approve.isPending}>
            {t`Agree and destroy ${what}`}
          </Button>
        )}
        <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate({ id: row.id, patientId: row.patientId })}>
          {t`Withdraw the request`}
        </Button>
      </div>
    </form>
  );
}
