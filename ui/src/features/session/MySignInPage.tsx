// My sign-in: the password, the second factors and the recovery codes of the user who is signed in.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconDeviceMobile, IconId } from '@tabler/icons-react';
import { useState } from 'react';
import { useFactorDelete, useRecoveryCodeCreate } from '@/api/mutations';
import { useOwnSignIn } from '@/api/queries';
import type { FactorView, OwnSignInView } from '@/api/types';
import { StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { factorWords } from '@/lib/words';
import { FactorSetup, RecoveryCodes } from './FactorSetup';
import { OwnPassword } from './OwnPassword';
import { Problem } from './Problem';
import classes from './MySignIn.module.css';

export function MySignInPage() {
  const own = useOwnSignIn();
  return (
    <section className={classes.page} aria-label={t`My sign-in`}>
      <h1 className={classes.heading}>{t`My sign-in`}</h1>
      <StateView read={own} what={t`how you sign in`} isEmpty={() => false} empty={null}>
        {(view) => <Factors own={view} />}
      </StateView>
    </section>
  );
}

function Factors({ own }: { own: OwnSignInView }) {
  const [codes, setCodes] = useState<string[]>([]);
  const [said, setSaid] = useState<string>();
  const renew = useRecoveryCodeCreate((made) => setCodes(made.codes));
  return (
    <>
      <p className={classes.lead}>
        {t`You sign in as ${own.username}.`} {own.required ? t`This hospital asks you for a second factor.` : t`A second factor is up to you here: once you have one, it is asked for when you sign in.`}
      </p>
      <h2 className={classes.subheading}>{t`Password`}</h2>
      <OwnPassword />
      <h2 className={classes.subheading}>{t`Second factors`}</h2>
      {own.factors.length === 0 ? <p className="quiet">{t`None yet.`}</p> : <ul className={classes.factors}>{own.factors.map((one) => <Factor key={one.id} factor={one} />)}</ul>}
      <div role="status">{said}</div>
      <FactorSetup
        smartCards={own.smartCards}
        begin={false}
        onMade={(made) => {
          setSaid(t`${made.factor.name} is set up.`);
          if (made.codes.length > 0) setCodes(made.codes);
        }}
      />
      {own.factors.length === 0 ? null : (
        <>
          <h2 className={classes.subheading}>{t`Recovery codes`}</h2>
          {codes.length === 0 ? (
            <>
              <p>{t`${own.recoveryCodesLeft} of your recovery codes are left. New ones make the old ones void.`}</p>
              <Problem message={renew.failure?.message} />
              <Button variant="default" loading={renew.pending} onClick={() => void renew.submit(null)}>
                {t`Make new recovery codes`}
              </Button>
            </>
          ) : (
            <>
              <RecoveryCodes codes={codes} />
              <Button onClick={() => setCodes([])}>{t`I have written them down`}</Button>
            </>
          )}
        </>
      )}
    </>
  );
}

function Factor({ factor }: { factor: FactorView }) {
  const remove = useFactorDelete();
  const [asked, setAsked] = useState(false);
  const Shape = factor.kind === 'totp' ? IconDeviceMobile : IconId;
  return (
    <li className={classes.factor}>
      <Shape size={20} stroke={1.6} aria-hidden />
      <span className={classes.what}>
        <strong>{factor.name}</strong>
        <span className="quiet">
          {t`${factorWords[factor.kind]}, set up ${moment(factor.created)}, last used ${moment(factor.lastUsed ?? t`never since`)}`}
        </span>
        <Problem message={remove.failure?.message} />
      </span>
      {asked ? (
        <>
          <Button size="compact-sm" color="red.9" loading={remove.pending} onClick={() => void remove.submit({ id: factor.id }).then(() => setAsked(false))}>
            {t`Remove ${factor.name}`}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setAsked(false)}>
            {t`Keep it`}
          </Button>
        </>
      ) : (
        <Button size="compact-sm" variant="default" aria-label={t`Remove ${factor.name} ...`} onClick={() => setAsked(true)}>
          {t`Remove`}
        </Button>
      )}
    </li>
  );
}
