// Changing one's own password, with the one before it.
import { t } from '@lingui/core/macro';
import { Button, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useUserPasswordChange } from '@/api/mutations';
import { NewPassword } from '@/components/NewPassword';
import { clear, field, focusField } from '@/lib/form';
import { passwordProblem } from '@/lib/password';
import { Problem } from './Problem';
import classes from './session.module.css';

type Mistake = { field: string; message: string };

export function OwnPassword() {
  const change = useUserPasswordChange();
  const [open, setOpen] = useState(false);
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const [changed, setChanged] = useState(false);
  const errorOf = (name: string) => (mistake?.field === name ? mistake.message : undefined);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const request = { current: field(form, 'current'), password: field(form, 'password') };
    const found: Mistake | null =
      request.current === '' ? { field: 'current', message: t`Type the password that you have now` } : passwordProblem(request.password, field(form, 'repeat'));
    clear(form, 'current', 'password', 'repeat');
    setMistake(found);
    if (found !== null) return focusField(form, found.field);
    if (!(await change.submit(request))) return focusField(form, 'current');
    setOpen(false);
    setChanged(true);
  }

  if (!open) {
    return (
      <>
        <div role="status">{changed ? t`Your new password counts from now on.` : null}</div>
        <Button variant="default" onClick={() => setOpen(true)}>
          {t`Change my password`}
        </Button>
      </>
    );
  }
  return (
    <form className={classes.form} aria-label={t`Change my password`} noValidate onSubmit={(event) => void submit(event)}>
      <PasswordInput name="current" label={t`Your password now`} autoComplete="off" autoFocus visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }} error={errorOf('current')} />
      <NewPassword label={t`New password`} errorOf={errorOf} />
      <Problem message={change.failure?.message} />
      <div className={classes.pair}>
        <Button type="submit" loading={change.pending}>
          {t`Use the new password`}
        </Button>
        <Button type="button" variant="default" onClick={() => setOpen(false)}>
          {t`Leave it`}
        </Button>
      </div>
    </form>
  );
}
