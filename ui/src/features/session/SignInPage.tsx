// Signing in at this workstation. Where everybody has a second factor it is asked for before anything is said, so that a
// refusal does not tell which part was wrong.
import { t } from '@lingui/core/macro';
import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSessionCreate } from '@/api/mutations';
import type { OverrideReason, SessionView } from '@/api/types';
import { FactorField, missingFactor, takeFactor, type FactorWay } from '@/components/FactorField';
import { clear, field, focusField } from '@/lib/form';
import { EmergencySignIn } from './EmergencySignIn';
import { ForgottenPassword } from './ForgottenPassword';
import { overrideReasonWords } from '@/lib/words';
import { GatePage } from './GatePage';
import { PostureRefusal } from './PostureRefusal';
import { Problem } from './Problem';
import classes from './session.module.css';

/** The reasons that can bring somebody in where the sign-in is closed. */
const reasons: OverrideReason[] = ['emergency-treatment', 'continuity-of-care', 'safety'];

export function SignInPage({ session }: { session: SessionView }) {
  const signIn = useSessionCreate();
  const [missing, setMissing] = useState<string>();
  const [forgotten, setForgotten] = useState(false);
  const [emergency, setEmergency] = useState(false);
  const [said, setSaid] = useState('');
  const [second, setSecond] = useState(false);
  const [way, setWay] = useState<FactorWay>('code');

  async function send(form: HTMLFormElement, withFactor: boolean) {
    const proof = withFactor ? takeFactor(form, way) : null;
    const reason = session.refusals.length === 0 ? '' : field(form, 'reason');
    const request = {
      username: field(form, 'username').trim(),
      password: field(form, 'password'),
      proof,
      despiteRefusal: reason === '' ? null : (reason as OverrideReason),
    };
    if (withFactor && proof === null) {
      setMissing(missingFactor(way));
      focusField(form, 'factor');
      return;
    }
    clear(form, 'password');
    setMissing(undefined);
    setSecond(false);
    if (!(await signIn.submit(request))) focusField(form, 'password');
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    if (field(form, 'username').trim() === '' || field(form, 'password') === '') {
      clear(form, 'password');
      setMissing(t`Type your user name and your password`);
      focusField(form, field(form, 'username').trim() === '' ? 'username' : 'password');
      return;
    }
    setMissing(undefined);
    setSaid('');
    if (session.factorAtSignIn && !second) setSecond(true);
    else await send(form, second);
  }

  if (forgotten) {
    const remembered = (text?: string) => {
      setForgotten(false);
      setSaid(text ?? '');
    };
    return (
      <GatePage session={session} title={t`Forgotten password`}>
        <ForgottenPassword onBack={remembered} />
      </GatePage>
    );
  }
  if (emergency) {
    return (
      <GatePage session={session} title={t`Emergency account`}>
        <EmergencySignIn onBack={() => setEmergency(false)} />
      </GatePage>
    );
  }
  return (
    <GatePage session={session} title={second ? t`Sign in: second factor` : t`Sign in`}>
      <p role="status" className={classes.said}>
        {said}
      </p>
      <PostureRefusal session={session} />
      <form className={classes.form} aria-label={t`Sign in`} noValidate onSubmit={(event) => void submit(event)}>
        <div className={classes.form} hidden={second}>
          <TextInput name="username" label={t`User name`} autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus required withAsterisk={false} />
          <PasswordInput
            name="password"
            label={t`Password`}
            autoComplete="off"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
          />
          {session.refusals.length === 0 ? null : (
            <NativeSelect
              name="reason"
              label={t`Reason, where treatment cannot wait`}
              data={[{ value: '', label: t`None: I am an administrator` }, ...reasons.map((reason) => ({ value: reason, label: overrideReasonWords[reason] }))]}
            />
          )}
        </div>
        {second ? <FactorField way={way} onWay={setWay} smartCards={session.smartCards} focus /> : null}
        <Problem message={missing ?? signIn.failure?.message} />
        <Button type="submit" loading={signIn.pending} fullWidth>
          {session.factorAtSignIn && !second ? t`Go on` : t`Sign in`}
        </Button>
        {second ? (
          <>
            <Button type="button" variant="default" fullWidth onClick={(event) => back(event.currentTarget.form)}>
              {t`Back`}
            </Button>
            <Button type="button" variant="subtle" fullWidth onClick={(event) => void withoutFactor(event.currentTarget.form)}>
              {t`I have not set one up yet`}
            </Button>
          </>
        ) : null}
      </form>
      <p className={classes.aside}>
        <Button variant="subtle" size="compact-sm" onClick={() => setForgotten(true)}>
          {t`Forgotten password?`}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={() => setEmergency(true)}>
          {t`Nobody can sign in?`}
        </Button>
      </p>
    </GatePage>
  );

  function back(form: HTMLFormElement | null) {
    if (form !== null) clear(form, 'password', 'factor');
    setMissing(undefined);
    setSecond(false);
  }

  async function withoutFactor(form: HTMLFormElement | null) {
    if (form !== null) await send(form, false);
  }
}
