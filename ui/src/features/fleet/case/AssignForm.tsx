// Who looks after a case: privacy officers and administrators of the directory.
import { t } from '@lingui/core/macro';
import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { IncidentView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { caseName } from '../caseWords';
import classes from '../fleet.module.css';
import type { Sending } from './WordsForm';

export function AssignForm({ view, state, onAssign }: { view: IncidentView; state: Sending; onAssign: (userId: string) => void }) {
  const { row, assignable } = view;
  const others = assignable.filter((one) => one.userId !== row.assigned?.userId);
  const [picked, setPicked] = useState('');
  const to = others.find((one) => one.userId === picked);
  if (others.length === 0) return <p className="quiet">{t`The directory names nobody else who works at the desk.`}</p>;
  return (
    <form
      className={classes.form}
      aria-label={t`Give the case to somebody`}
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== undefined) onAssign(to.userId);
      }}
    >
      <NativeSelect autoFocus label={t`Who looks after it`} value={picked} onChange={(event) => setPicked(event.currentTarget.value)} data={[{ value: '', label: t`Choose somebody` }, ...others.map((one) => ({ value: one.userId, label: one.who }))]} />
      <div role="alert" className={classes.problem}>
        {state.error === null ? null : sentence(state.error.message)}
      </div>
      <Button type="submit" loading={state.isPending} disabled={to === undefined}>
        {to === undefined ? t`Choose who looks after it` : t`Give ${caseName(row)} to ${to.who}`}
      </Button>
    </form>
  );
}
