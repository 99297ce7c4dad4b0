// Authenticating again within the session: over the page that asked for it.
import { t } from '@lingui/core/macro';
import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSessionReauthenticate } from '@/api/mutations';
import type { Purpose, SessionView } from '@/api/types';
import { belowBanner } from '@/components/belowBanner';
import { FactorField, takeFactor, type FactorWay } from '@/components/FactorField';
import { clear, field, focusField } from '@/lib/form';
import { ownPassword } from '@/lib/password';
import { purposeWords } from '@/lib/words';
import { Problem } from './Problem';
import classes from './session.module.css';

type Props = { session: SessionView; purpose: Purpose; onDone: (authenticated: boolean) => void };

export function Reauthenticate({ session, purpose, onDone }: Props) {
  const send = useSessionReauthenticate();
  const [way, setWay] = useState<FactorWay>('code');
  const [missing, setMissing] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // A form within the page that asked must not be sent with this one.
    event.stopPropagation();
    const form = event.currentTarget;
    const password = field(form, 'password');
    const proof = takeFactor(form, way);
    clear(form, 'password');
    setMissing(password === '' ? t`Type your password` : undefined);
    if (password !== '' && (await send.submit({ purpose, password, proof }))) onDone(true);
    else focusField(form, 'password');
  }

  return (
    <Modal {...belowBanner} opened onClose={() => onDone(false)} title={t`Show again that it is you`} closeButtonProps={{ 'aria-label': t`Cancel` }} transitionProps={{ duration: 0 }}>
      <form className={classes.form} aria-label={t`Authenticate again`} noValidate onSubmit={(event) => void submit(event)}>
        <p className={classes.hint}>{t`${session.user?.displayName ?? t`You`}, this is asked ${purposeWords[purpose]}. ${lasts(purpose)}`}</p>
        <PasswordInput name="password" label={ownPassword(session, t`Your password, again`)} autoComplete="off" data-autofocus visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }} />
        <FactorField way={way} onWay={setWay} smartCards={session.smartCards} />
        <p className={classes.hint}>{t`Leave the code empty if you have no second factor.`}</p>
        <Problem message={missing ?? send.failure?.message} />
        <Button type="submit" loading={send.pending}>
          {t`Go on`}
        </Button>
        <Button type="button" variant="default" onClick={() => onDone(false)}>
          {t`Cancel`}
        </Button>
      </form>
    </Modal>
  );
}

/** How far one authentication carries. */
function lasts(purpose: Purpose): string {
  if (purpose === 'unusual-access') return t`It is for this once, and it is on record.`;
  if (purpose === 'fleet-desk') return t`The server is asked as well; the desk stays open for a quarter of an hour.`;
  return purpose === 'signing' ? t`It is for this one signature.` : t`It holds for five minutes.`;
}
