// Opening the emergency account: two persons, a half each, and why.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useEmergencySessionCreate } from '@/api/emergencyAccount';
import type { OverrideReason } from '@/api/types';
import { clear, field, focusField } from '@/lib/form';
import { overrideReasonWords } from '@/lib/words';
import { Problem } from './Problem';
import classes from './session.module.css';

const fields = [
  { name: 'halfOne', get missing() { return t`Type the first half from its paper`; } },
  { name: 'halfTwo', get missing() { return t`Type the second half from its paper`; } },
  { name: 'persons', get missing() { return t`Type the names of both of you`; } },
  { name: 'justification', get missing() { return t`Write why, in a sentence`; } },
] as const;

export function EmergencySignIn({ onBack }: { onBack: () => void }) {
  const open = useEmergencySessionCreate();
  const [missing, setMissing] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const empty = fields.find(({ name }) => field(form, name).trim() === '');
    setMissing(empty?.missing);
    if (empty !== undefined) return focusField(form, empty.name);
    const request = {
      halfOne: field(form, 'halfOne').trim(),
      halfTwo: field(form, 'halfTwo').trim(),
      reason: field(form, 'reason') as OverrideReason,
      justification: field(form, 'justification').trim(),
      persons: field(form, 'persons').trim(),
    };
    if (await open.submit(request)) return;
    clear(form, 'halfOne', 'halfTwo');
    focusField(form, 'halfOne');
  }

  return (
    <>
      <p className={classes.hint}>
        <Trans><strong>This raises an alarm.</strong> For the day when nobody can sign in and patients have to be treated. Two persons open the emergency account with
        a half each. Everything that is done with it is on record with your names, and is looked into afterwards.</Trans>
      </p>
      <form className={classes.form} aria-label={t`Open the emergency account`} noValidate onSubmit={(event) => void submit(event)}>
        <TextInput name="halfOne" label={t`First half`} description={t`6 groups of 4; capitals and hyphens do not matter`} autoComplete="off" spellCheck={false} autoFocus />
        <TextInput name="halfTwo" label={t`Second half`} autoComplete="off" spellCheck={false} />
        <TextInput name="persons" label={t`Who you are, both of you`} autoComplete="off" maxLength={200} />
        <NativeSelect name="reason" label={t`Reason`} data={Object.entries(overrideReasonWords).map(([value, label]) => ({ value, label }))} />
        <Textarea name="justification" label={t`In your own words`} rows={2} maxLength={500} autoComplete="off" styles={{ input: { height: 54 } }} />
        <Problem message={missing ?? open.failure?.message} />
        <Button type="submit" color="red.9" loading={open.pending} fullWidth>
          {t`Raise the alarm and open it`}
        </Button>
        <Button type="button" variant="default" fullWidth onClick={onBack}>
          {t`Back to the sign-in`}
        </Button>
      </form>
    </>
  );
}
