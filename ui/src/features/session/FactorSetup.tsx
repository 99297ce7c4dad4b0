// Setting up a second factor: an authenticator app by its QR code or by typing, or the card in the reader. Then the recovery codes.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useCardEnrol, useFactorCreate, useTotpOffer } from '@/api/mutations';
import type { FactorCreatedView, TotpOfferView } from '@/api/types';
import { QrCode } from '@/components/QrCode';
import { clear, field, focusField } from '@/lib/form';
import { Problem } from './Problem';
import classes from './session.module.css';

type Props = { smartCards: boolean; begin: boolean; onMade: (made: FactorCreatedView) => void };

/** `begin`: show the secret at once, as on the way in. */
export function FactorSetup({ smartCards, begin, onMade }: Props) {
  const [offer, setOffer] = useState<TotpOfferView | null>(null);
  const [card, setCard] = useState(false);
  const ask = useTotpOffer(setOffer);
  const made = (view: FactorCreatedView) => {
    setOffer(null);
    setCard(false);
    onMade(view);
  };
  const begun = useRef(false);
  useEffect(() => {
    if (!begin || begun.current) return;
    begun.current = true;
    void ask.submit(null);
  }, [ask, begin]);

  if (card) return <CardForm onMade={made} onBack={() => setCard(false)} />;
  return (
    <div className={classes.form}>
      {offer === null ? null : <Authenticator offer={offer} onMade={made} />}
      <Problem message={ask.failure?.message} />
      {offer === null ? (
        <Button variant="default" loading={ask.pending} onClick={() => void ask.submit(null)}>
          {t`Set up an authenticator app`}
        </Button>
      ) : null}
      {smartCards ? (
        <Button variant="default" onClick={() => setCard(true)}>
          {t`Set up my smart card`}
        </Button>
      ) : null}
    </div>
  );
}

function Authenticator({ offer, onMade }: { offer: TotpOfferView; onMade: (made: FactorCreatedView) => void }) {
  const create = useFactorCreate(onMade);
  const [missing, setMissing] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const code = field(form, 'factor').trim();
    clear(form, 'factor');
    setMissing(code === '' ? t`Type the six digits that the app shows` : undefined);
    if (code === '' || !(await create.submit({ code }))) focusField(form, 'factor');
  }

  return (
    <form className={classes.form} aria-label={t`Set up an authenticator app`} noValidate onSubmit={(event) => void submit(event)}>
      <ol className={classes.steps}>
        <li>{t`Open the authenticator app on your telephone and let it scan this code. It is shown this once.`}</li>
        <li>{t`Type the six digits that the app shows for Vigil.`}</li>
      </ol>
      <QrCode rows={offer.qr} label={t`QR code with the secret for the authenticator app`} />
      <p className={classes.hint}>
        <Trans>No camera? Type this secret into the app: <strong className={classes.secret} data-secret>{offer.text}</strong></Trans>
      </p>
      <TextInput name="factor" label={t`Code`} inputMode="numeric" autoComplete="one-time-code" spellCheck={false} maxLength={9} autoFocus />
      <Problem message={missing ?? create.failure?.message} />
      <Button type="submit" loading={create.pending}>
        {t`Confirm the code`}
      </Button>
    </form>
  );
}

function CardForm({ onMade, onBack }: { onMade: (made: FactorCreatedView) => void; onBack: () => void }) {
  const enrol = useCardEnrol(onMade);
  const [missing, setMissing] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const pin = field(form, 'pin');
    clear(form, 'pin');
    setMissing(pin === '' ? t`Type the PIN of your card` : undefined);
    if (pin === '' || !(await enrol.submit({ pin }))) focusField(form, 'pin');
  }

  return (
    <form className={classes.form} aria-label={t`Set up my smart card`} noValidate onSubmit={(event) => void submit(event)}>
      <p className={classes.hint}>{t`Insert your card. Its key signs a challenge after the PIN, and its public key is registered for you.`}</p>
      <PasswordInput name="pin" label={t`PIN of your card`} autoComplete="off" autoFocus visibilityToggleButtonProps={{ 'aria-label': t`Show the PIN` }} />
      <Problem message={missing ?? enrol.failure?.message} />
      <Button type="submit" loading={enrol.pending}>
        {t`Register the card`}
      </Button>
      <Button type="button" variant="default" onClick={onBack}>
        {t`Back`}
      </Button>
    </form>
  );
}

/** Recovery codes, this once. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <section aria-label={t`Recovery codes`} className={classes.codes}>
      <p>
        <Trans><strong>Write these recovery codes down and keep them where you keep nothing of this workstation.</strong> Each opens once in place of your second
        factor. They are not shown again.</Trans>
      </p>
      <ol>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
