// A chart that is closed, restricted or to a suspended account, from outside: whose it is, and the way in for an emergency. It looks like nothing else.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, Kbd, PasswordInput, Radio, Textarea } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useEmergencyAccessCreate, useEmergencyAccessResume } from '@/api/mutations';
import { useEmergencyOffer, useSession } from '@/api/queries';
import type { ClosedBecause, EmergencyOfferView, OverrideReason } from '@/api/types';
import { FactorField, missingFactor, takeFactor, type FactorWay } from '@/components/FactorField';
import { sentence, StateView } from '@/components/StateView';
import { clear, field, focusField } from '@/lib/form';
import { useKept, useKeptAtFirst } from '@/lib/kept';
import { codeWords } from '@/lib/language/codeWords';
import { aged, moment } from '@/lib/language/moment';
import { ownPassword } from '@/lib/password';
import { overrideReasonWords } from '@/lib/words';
import classes from './BreakGlass.module.css';

const reasons = Object.keys(overrideReasonWords) as OverrideReason[];
const closedWords: Record<ClosedBecause, { title: string; meaning: string }> = {
  restricted: { get title() { return t`This record is restricted`; }, get meaning() { return t`It opens in an emergency alone.`; } },
  'no-relationship': {
    get title() { return t`This is not known to be a patient of yours`; },
    get meaning() { return t`No care team, encounter or appointment joins you with this patient near today. In an emergency the chart opens all the same.`; },
  },
};
const shortest = 10;
const longest = 500;

export function BreakGlass({ patientId }: { patientId: string }) {
  const offer = useEmergencyOffer(patientId);
  return (
    <StateView
      read={offer}
      what={t`the closed record`}
      failed={t`This record is closed to you and did not open`}
      stillTrue={t`Nothing was changed. Other charts stay open.`}
    >
      {(data) => <Panel offer={data} />}
    </StateView>
  );
}

function Panel({ offer }: { offer: EmergencyOfferView }) {
  const suspended = (useSession().data?.suspension ?? null) !== null;
  return (
    <section className={classes.panel} aria-label={t`Emergency access`}>
      <div className={classes.content}>
        <h2 className={classes.title}>
          <IconAlertTriangle size={22} aria-hidden /> {suspended ? t`Your account is suspended on this workstation` : closedWords[offer.closedBecause ?? 'restricted'].title}
        </h2>
        <p>{suspended ? t`A chart opens in an emergency alone until a supervisor lifts that.` : closedWords[offer.closedBecause ?? 'restricted'].meaning}</p>
        <Whose offer={offer} />
        {!offer.allowed ? (
          <p>{t`Your role cannot open it. In an emergency call a physician, a nurse or a pharmacist; they can.`}</p>
        ) : offer.interrupted !== null ? (
          <Resume offer={offer} secondsLeft={offer.interrupted.secondsLeft} />
        ) : offer.leftToday === 0 ? (
          <p role="alert">{t`You have no emergency access left within 24 hours. Call the privacy officer or a colleague.`}</p>
        ) : (
          <Break offer={offer} />
        )}
      </div>
    </section>
  );
}

function Whose({ offer }: { offer: EmergencyOfferView }) {
  return (
    <p className={classes.whose}>
      <strong className={classes.name}>{offer.name}</strong>
      <span>
        <Trans>Born <strong>{offer.age === '' ? moment(offer.birthDate) : `${moment(offer.birthDate)} (${aged(offer.age)})`}</strong></Trans>
      </span>
      <span>
        <Trans>Gender <strong>{codeWords(offer.gender)}</strong></Trans>
      </span>
      <span>
        <Trans>MRN <strong>{offer.mrn}</strong></Trans>
      </span>
    </p>
  );
}

function Break({ offer }: { offer: EmergencyOfferView }) {
  const create = useEmergencyAccessCreate(offer.patientId);
  const [reason, setReason] = useKept<OverrideReason | null>('glass/reason', null);
  const [justified, keepJustification] = useKeptAtFirst<string>('glass/justification', '');
  const [mistake, setMistake] = useState<{ field: string; message: string } | null>(null);
  const [way, setWay] = useState<FactorWay>('code');
  const smartCards = useSession().data?.smartCards ?? false;
  const form = useRef<HTMLFormElement>(null);

  useReasonKeys((picked) => {
    setReason(picked);
    if (form.current) focusField(form.current, 'justification');
  });

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    const justification = field(from, 'justification').trim();
    const password = field(from, 'password');
    const proof = offer.needsFactor ? takeFactor(from, way) : null;
    clear(from, 'password');
    const found =
      mistakeIn(reason, justification, password) ?? (offer.needsFactor && proof === null ? { field: 'factor', message: missingFactor(way) } : null);
    setMistake(found);
    if (found !== null || reason === null) return focusField(from, found?.field ?? 'reason');
    if (!(await create.submit({ patientId: offer.patientId, reason, justification, password, proof }))) focusField(from, 'password');
  }

  return (
    <form ref={form} className={classes.form} aria-label={t`Break the glass`} noValidate onSubmit={(event) => void submit(event)}>
      <ol className={classes.consequences}>
        <li>{t`It is recorded: your name, your reason and everything that you open.`}</li>
        <li>{t`The privacy officer finds it in the queue at once.`}</li>
        <li>{t`Somebody else reviews it afterwards.`}</li>
      </ol>
      <Radio.Group
        name="reason"
        label={t`Why do you need it now?`}
        value={reason}
        onChange={setReason}
        error={mistake?.field === 'reason' ? mistake.message : undefined}
      >
        <div className={classes.reasons}>
          {reasons.map((one, index) => (
            <Radio
              key={one}
              value={one}
              autoFocus={index === 0}
              label={
                <>
                  <Kbd size="xs">{index + 1}</Kbd> {overrideReasonWords[one]}
                </>
              }
            />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        id="justification"
        name="justification"
        defaultValue={justified}
        onChange={(event) => keepJustification(event.currentTarget.value)}
        label={t`In your own words`}
        description={t`A sentence: ${shortest} to ${longest} characters. The reviewer reads it.`}
        rows={3}
        maxLength={longest}
        autoComplete="off"
        error={mistake?.field === 'justification' ? mistake.message : undefined}
      />
      <Password error={mistake?.field === 'password' ? mistake.message : undefined} />
      {offer.needsFactor ? (
        <FactorField way={way} onWay={setWay} smartCards={smartCards} error={mistake?.field === 'factor' ? mistake.message : undefined} />
      ) : null}
      <Failure message={create.failure?.message} />
      <Button type="submit" color="red.9" loading={create.pending} className={classes.go}>
        {t`Open the chart of ${offer.name} for ${offer.minutes} minutes`}
      </Button>
      <p className={classes.quiet}>{t`${offer.leftToday} of your emergency accesses are left within 24 hours.`}</p>
    </form>
  );
}

/** The digits 1 to 6 pick a reason, but not while somebody writes. */
function useReasonKeys(onPick: (reason: OverrideReason) => void) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const writes = event.target instanceof HTMLTextAreaElement || (event.target instanceof HTMLInputElement && event.target.type !== 'radio');
      const picked = /^[1-9]$/.test(event.key) ? reasons[Number(event.key) - 1] : undefined;
      if (picked === undefined || writes || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      onPick(picked);
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
}

function Resume({ offer, secondsLeft }: { offer: EmergencyOfferView; secondsLeft: number }) {
  const resume = useEmergencyAccessResume(offer.patientId);
  const [missing, setMissing] = useState<string>();
  const [way, setWay] = useState<FactorWay>('code');
  const smartCards = useSession().data?.smartCards ?? false;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    const password = field(from, 'password');
    const proof = offer.needsFactor ? takeFactor(from, way) : null;
    clear(from, 'password');
    const lacking = password === '' ? t`Type your password` : offer.needsFactor && proof === null ? missingFactor(way) : undefined;
    setMissing(lacking);
    if (lacking !== undefined || !(await resume.submit({ patientId: offer.patientId, password, proof }))) focusField(from, 'password');
  }

  return (
    <form className={classes.form} aria-label={t`Go on with the emergency access`} noValidate onSubmit={(event) => void submit(event)}>
      <p>
        {t`Your emergency access goes on for ${Math.ceil(secondsLeft / 60)} minutes. The lock took its key away; your password brings it back.`}
      </p>
      <Password error={missing} focus />
      {offer.needsFactor ? <FactorField way={way} onWay={setWay} smartCards={smartCards} /> : null}
      <Failure message={resume.failure?.message} />
      <Button type="submit" color="red.9" loading={resume.pending} className={classes.go}>
        {t`Open the chart of ${offer.name} again`}
      </Button>
    </form>
  );
}

function Password({ error, focus = false }: { error: string | undefined; focus?: boolean }) {
  const session = useSession().data;
  return (
    <PasswordInput
      name="password"
      label={ownPassword(session, t`Your password, again`)}
      autoComplete="off"
      autoFocus={focus}
      error={error}
      visibilityToggleButtonProps={{ 'aria-label': t`Show the password` }}
    />
  );
}

function Failure({ message }: { message: string | undefined }) {
  return (
    <div role="alert" className={classes.problem}>
      {message === undefined ? null : sentence(message)}
    </div>
  );
}

function mistakeIn(reason: OverrideReason | null, justification: string, password: string) {
  if (reason === null) return { field: 'reason', message: t`Choose a reason` };
  if ([...justification].length < shortest) return { field: 'justification', message: t`Write at least ${shortest} characters` };
  if (password === '') return { field: 'password', message: t`Type your password` };
  return null;
}
