// Joining the fleet of a central server, or joining it anew: what it means, and the one-time token.
import { t } from '@lingui/core/macro';
import { Button, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Failure } from '@/api/client';
import { sentence } from '@/components/StateView';
import { clear, field, focusField } from '@/lib/form';
import classes from './server.module.css';

type Props = {
  pending: boolean;
  failure: Failure | null;
  onSubmit: (token: string) => Promise<boolean>;
  /** Leaves everything as it is; with it this workstation is of a fleet already. */
  onLeave?: () => void;
};

function mistakeIn(token: string): string | null {
  if (token === '') return t`Paste the token`;
  return token.startsWith('vigil1.') ? null : t`A token begins with vigil1. Copy all of it from vigil-server device token`;
}

export function JoinFleet({ pending, failure, onSubmit, onLeave }: Props) {
  const again = onLeave !== undefined;
  const [mistake, setMistake] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const token = field(form, 'token').trim();
    const found = mistakeIn(token);
    setMistake(found);
    if (found !== null) return focusField(form, 'token');
    clear(form, 'token');
    if (!(await onSubmit(token))) focusField(form, 'token');
  }

  const problem = mistake ?? (failure === null ? null : sentence(failure.message));
  const verb = again ? t`Enrol again with a new identity` : t`Enrol this workstation`;
  return (
    <form className={classes.part} aria-label={again ? t`Enrol again` : t`Enrol`} noValidate onSubmit={(event) => void submit(event)}>
      {again ? <MeansAgain /> : <Means />}
      <Textarea
        id="fleet-token"
        name="token"
        label={t`One-time token`}
        description={t`From whoever runs the server (vigil-server device token). It serves one workstation, for a day; line breaks do no harm.`}
        rows={4}
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className={classes.token}
        styles={{ input: { height: 98, fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: 1.5 } }}
        error={problem}
      />
      <p role="status">{pending ? t`Enrolling: the server is asked for a certificate, then given the group keys. It can take half a minute.` : null}</p>
      <div className={classes.buttons}>
        <Button type="submit" loading={pending}>
          {verb}
        </Button>
        {again ? (
          <Button variant="default" disabled={pending} onClick={onLeave}>
            {t`Leave it as it is`}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

function Means() {
  return (
    <>
      <h2 className={classes.subheading}>{t`Not enrolled`}</h2>
      <p>{t`This workstation stands alone: its audit log stays here, and nobody else can say whether it is complete. Once it is enrolled:`}</p>
      <ul className={classes.means}>
        <li>{t`The whole audit log is sent, from its first entry on, sealed so that only the server reads it. It stays here as well.`}</li>
        <li>{t`Users come from the server’s directory and sign in at every workstation. Those who were made here stay, and are looked after here.`}</li>
        <li>{t`The group keys of this workstation are handed over, so that the server can give users of the directory what opens the charts here.`}</li>
        <li>{t`Where the server is out of reach work goes on; everything is sent later.`}</li>
      </ul>
    </>
  );
}

function MeansAgain() {
  return (
    <>
      <h2 className={classes.subheading}>{t`Enrol again`}</h2>
      <p>
        {t`This workstation gets a new identity and a new certificate, and the former one is revoked. Its log goes on where the server holds it; entries that wait are sent then. Needed when the server refuses this workstation, or when it moves to another server.`}
      </p>
    </>
  );
}
