// Authenticating again within the session: over the page that asked for it.
import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSessionReauthenticate } from '@/api/mutations';
import type { Purpose, SessionView } from '@/api/types';
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
    setMissing(password === '' ? 'Type your password' : undefined);
    if (password !== '' && (await send.submit({ purpose, password, proof }))) onDone(true);
    else focusField(form, 'password');
  }

  return (
    <Modal opened onClose={() => onDone(false)} title="Show again that it is you" closeButtonProps={{ 'aria-label': 'Cancel' }} transitionProps={{ duration: 0 }}>
      <form className={classes.form} aria-label="Authenticate again" noValidate onSubmit={(event) => void submit(event)}>
        <p className={classes.hint}>{`${session.user?.displayName ?? 'You'}, this is asked ${purposeWords[purpose]}. ${lasts(purpose)}`}</p>
        <PasswordInput name="password" label={ownPassword(session, 'Your password, again')} autoComplete="off" data-autofocus visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }} />
        <FactorField way={way} onWay={setWay} smartCards={session.smartCards} />
        <p className={classes.hint}>Leave the code empty if you have no second factor.</p>
        <Problem message={missing ?? send.failure?.message} />
        <Button type="submit" loading={send.pending}>
          Go on
        </Button>
        <Button type="button" variant="default" onClick={() => onDone(false)}>
          Cancel
        </Button>
      </form>
    </Modal>
  );
}

/** How far one authentication carries. */
function lasts(purpose: Purpose): string {
  if (purpose === 'unusual-access') return 'It is for this once, and it is on record.';
  return purpose === 'signing' ? 'It is for this one signature.' : 'It holds for five minutes.';
}
