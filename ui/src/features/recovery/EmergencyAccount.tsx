// The emergency account on the administrator's page: how it stands, and sealing it with two halves on two papers.
import { t } from '@lingui/core/macro';
import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/api/client';
import { useEmergencyAccountCancel, useEmergencyAccountMake, useEmergencyAccountSeal, useEmergencyHalfSave } from '@/api/emergencyAccount';
import { useSaveChoose } from '@/api/mutations';
import type { EmergencyAccountView, EmergencyDraftView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { clear, field, focusField } from '@/lib/form';
import { moment } from '@/lib/language/moment';
import { listed } from '@/lib/language/number';
import classes from './recovery.module.css';

export function EmergencyAccount({ state }: { state: EmergencyAccountView }) {
  const [making, setMaking] = useState(false);
  if (state.draft !== null) return <Halves draft={state.draft} />;
  return (
    <>
      <p>
        {t`For the day when nobody can sign in: two persons hold a half each, on paper, and open it together. Opening it raises an alarm, and everything that is done with it is on record.`}
      </p>
      {state.sealed === null ? (
        <p className="quiet">{t`No emergency account is sealed at this workstation.`}</p>
      ) : state.opened === null ? (
        <p className={classes.good}>
          <IconShieldCheck size={16} aria-hidden />
          <span>{t`Sealed on ${moment(state.sealed)} by ${state.sealedBy}. Held by ${listed(state.holders)}.`}</span>
        </p>
      ) : (
        <p className={classes.warning} role="note">
          <IconAlertTriangle size={16} aria-hidden />
          <span>{t`It was used on ${moment(state.opened)}. Its halves are known to whoever used it: seal it anew.`}</span>
        </p>
      )}
      {making ? (
        <Holders known={state.holders} onBack={() => setMaking(false)} />
      ) : (
        <Button variant="default" onClick={() => setMaking(true)}>
          {state.sealed === null ? t`Seal an emergency account` : t`Seal it anew`}
        </Button>
      )}
    </>
  );
}

function Holders({ known, onBack }: { known: string[]; onBack: () => void }) {
  const make = useEmergencyAccountMake();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    make.mutate([field(form, 'first').trim(), field(form, 'second').trim()]);
  }

  return (
    <form className={classes.flow} aria-label={t`Who holds the halves`} onSubmit={submit}>
      <p>{t`Two persons or offices that can be reached at any hour, and of whom neither can reach the other’s paper.`}</p>
      <div className={classes.groups}>
        <TextInput name="first" label={t`Holder of the first half`} defaultValue={known[0] ?? ''} autoComplete="off" maxLength={80} autoFocus />
        <TextInput name="second" label={t`Holder of the second half`} defaultValue={known[1] ?? ''} autoComplete="off" maxLength={80} />
      </div>
      <div role="alert" className={classes.problem}>
        {make.isError ? sentence(failureOf(make.error).message) : null}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={make.isPending}>
          {t`Make two halves`}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t`Leave it as it is`}
        </Button>
      </div>
    </form>
  );
}

/** The halves are never on the screen: each goes straight to the paper of its holder. */
function Halves({ draft }: { draft: EmergencyDraftView }) {
  const choose = useSaveChoose();
  const save = useEmergencyHalfSave();
  const seal = useEmergencyAccountSeal();
  const cancel = useEmergencyAccountCancel();
  const ready = draft.saved.every(Boolean);

  async function saveHalf(half: number) {
    const path = await choose.mutateAsync(`vigil-emergency-half-${half}.pdf`);
    if (path !== null) await save.mutateAsync({ half, path });
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const groups = [field(form, 'group1').trim().toUpperCase(), field(form, 'group2').trim().toUpperCase()];
    clear(form, 'group1', 'group2');
    if (!(await seal.submit({ groups }))) focusField(form, 'group1');
  }

  const problem = choose.error ?? save.error;
  return (
    <form className={classes.flow} aria-label={t`Seal the emergency account`} noValidate onSubmit={(event) => void submit(event)}>
      <p>{t`Print each paper for its holder alone, give it over, and delete the file. Then each holder types one group back.`}</p>
      {draft.holders.map((holder, at) => (
        <div key={holder} className={classes.half}>
          <strong>{t`Half ${at + 1}: ${holder}`}</strong>
          <Button variant="default" autoFocus={at === 0} loading={choose.isPending || save.isPending} onClick={() => void saveHalf(at + 1).catch(() => undefined)}>
            {draft.saved[at] === true ? t`Save the paper again` : t`Save the paper as PDF`}
          </Button>
          <span role="status" className="quiet">
            {draft.saved[at] === true ? 'saved' : t`not saved yet`}
          </span>
          <TextInput name={`group${at + 1}`} label={t`Group ${draft.ask[at] ?? 1} of half ${at + 1}`} disabled={!ready} autoComplete="off" spellCheck={false} maxLength={8} />
        </div>
      ))}
      <div role="alert" className={classes.problem}>
        {problem !== null ? sentence(failureOf(problem).message) : seal.failure ? sentence(seal.failure.message) : null}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" disabled={!ready} loading={seal.pending}>
          {t`Both papers are safe: seal the account`}
        </Button>
        <Button variant="default" onClick={() => cancel.mutate()}>
          {t`Throw these halves away`}
        </Button>
      </div>
    </form>
  );
}
