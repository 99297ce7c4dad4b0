// The screen of a suspended account: what happened, what goes on, and the supervisor who lifts it standing beside the user.
import { t } from '@lingui/core/macro';
import { Button, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { IconUserExclamation } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useSuspensionSupervisedLift } from '@/api/mutations';
import type { SessionView, SuspensionNoteView } from '@/api/types';
import { clear, field, focusField } from '@/lib/form';
import { moment } from '@/lib/language/moment';
import { FactorField, takeFactor, type FactorWay } from './FactorField';
import { sentence } from './StateView';
import classes from './SupervisedLift.module.css';

export function SuspensionNote({ note }: { note: SuspensionNoteView }) {
  return (
    <div className={classes.note} role="note" aria-label={t`Account suspended`}>
      <p className={classes.title}>
        <IconUserExclamation size={18} aria-hidden /> {note.incident === null ? t`Suspended on this workstation since ${moment(note.since)}` : t`Suspended on every workstation since ${moment(note.since)}`}
      </p>
      <p>
        {note.incident === null
          ? t`${note.asked} charts were asked for within an hour, where ${note.usual} are usual. It is on record; administrators and privacy officers see it.`
          : t`The central server found that this account was used in an unusual way (incident ${note.incident}). It is on record; administrators and privacy officers see it.`}
      </p>
      <p>{note.emergency ? t`You can sign in and search. In an emergency a chart still opens, by breaking the glass.` : t`You can sign in and search. No chart opens until it is lifted.`}</p>
    </div>
  );
}

/** The supervisor's own user name and password: what is typed goes to the core once and stays nowhere. */
export function SupervisedLift({ session }: { session: SessionView }) {
  const [open, setOpen] = useState(false);
  const lift = useSuspensionSupervisedLift();
  const [way, setWay] = useState<FactorWay>('code');
  const [missing, setMissing] = useState<string>();

  if (!open)
    return (
      <Button variant="default" onClick={() => setOpen(true)}>
        {t`A supervisor is here`}
      </Button>
    );

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const username = field(form, 'supervisor').trim();
    const reason = field(form, 'reason').trim();
    const password = field(form, 'supervisor-password');
    const proof = takeFactor(form, way);
    clear(form, 'supervisor-password');
    const lacking = username === '' ? 'supervisor' : [...reason].length < 10 ? 'reason' : password === '' ? 'supervisor-password' : null;
    setMissing(lacking === null ? undefined : words[lacking]);
    if (lacking !== null) return focusField(form, lacking);
    if (!(await lift.submit({ username, password, proof, reason }))) focusField(form, 'supervisor-password');
  }

  return (
    <form className={classes.form} aria-label={t`Lift the suspension`} noValidate onSubmit={(event) => void submit(event)}>
      <p className={classes.lead}>
        {t`An administrator or a privacy officer, not ${session.user?.displayName ?? t`the user`}, signs this with their own password. It opens nothing for them.`}
      </p>
      <TextInput name="supervisor" label={t`Supervisor’s user name`} autoComplete="off" spellCheck={false} autoFocus />
      <Textarea name="reason" label={t`Why it is lifted`} description={t`10 to 500 characters`} rows={2} maxLength={500} autoComplete="off" />
      <PasswordInput
        name="supervisor-password"
        label={t`Supervisor’s password`}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': t`Show the supervisor’s password` }}
      />
      <FactorField way={way} onWay={setWay} smartCards={session.smartCards} />
      <p className={classes.lead}>{t`Leave the code empty if the supervisor has no second factor.`}</p>
      <div role="alert" className={classes.problem}>
        {missing ?? (lift.failure ? sentence(lift.failure.message) : null)}
      </div>
      <div className={classes.ways}>
        <Button type="submit" loading={lift.pending}>
          {t`Lift the suspension`}
        </Button>
        <Button type="button" variant="default" onClick={() => setOpen(false)}>
          {t`Cancel`}
        </Button>
      </div>
    </form>
  );
}

const words = {
  get supervisor() { return t`Type the supervisor’s user name`; },
  get reason() { return t`Say in at least 10 characters why it is lifted`; },
  get 'supervisor-password'() { return t`Type the supervisor’s password`; },
} as const;
