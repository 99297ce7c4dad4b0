// Giving a user who forgot their password one for the next sign-in.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useUserPasswordReset } from '@/api/mutations';
import type { UserView } from '@/api/types';
import { NewPassword } from '@/components/NewPassword';
import { sentence } from '@/components/StateView';
import { clear, field, focusField } from '@/lib/form';
import { passwordProblem, type PasswordProblem } from '@/lib/password';
import classes from './administration.module.css';

export function ResetPassword({ user, onEnd }: { user: UserView; onEnd: () => void }) {
  const reset = useUserPasswordReset();
  const [mistake, setMistake] = useState<PasswordProblem | null>(null);
  const [given, setGiven] = useState(false);
  const errorOf = (name: string) => (mistake?.field === name ? mistake.message : undefined);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const password = field(form, 'password');
    const found = passwordProblem(password, field(form, 'repeat'));
    clear(form, 'password', 'repeat');
    setMistake(found);
    if (found !== null) return focusField(form, found.field);
    if (await reset.submit({ userId: user.id, password })) setGiven(true);
    else focusField(form, 'password');
  }

  if (given) {
    return (
      <div className={classes.buttons}>
        <span role="status">{t`Tell ${user.displayName} the password in person: it serves one sign-in, at which they choose their own.`}</span>
        <Button variant="default" size="compact-sm" onClick={onEnd} autoFocus>
          {t`Done`}
        </Button>
      </div>
    );
  }
  return (
    <form className={classes.form} aria-label={t`New password for ${user.displayName}`} noValidate onSubmit={(event) => void submit(event)}>
      <p className="quiet">{t`Be sure that it is ${user.displayName} who asks. What they had open elsewhere stays open until it locks. It is on record.`}</p>
      <NewPassword id="reset" label={t`Password for the next sign-in`} again={t`The same again`} focus errorOf={errorOf} />
      <div role="alert" className={classes.problem}>
        {reset.failure ? sentence(reset.failure.message) : null}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={reset.pending}>
          {t`Give ${user.displayName} this password`}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t`Leave it`}
        </Button>
      </div>
    </form>
  );
}
