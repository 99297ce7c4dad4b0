// The first person's part: whose record, what of it, and why.
import { t } from '@lingui/core/macro';
import { Button, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useDestructionRequest } from '@/api/mutations';
import type { DestructionReason } from '@/api/types';
import { sentence } from '@/components/StateView';
import { field, focusField } from '@/lib/form';
import { destructionReasonWords } from '@/lib/words';
import classes from './destruction.module.css';

const reasons = Object.keys(destructionReasonWords) as DestructionReason[];
const shortestWords = 10;

export function Ask({ onDone }: { onDone: () => void }) {
  const ask = useDestructionRequest();
  const [part, setPart] = useState<'record' | 'entry'>('record');
  const [mistake, setMistake] = useState<string | null>(null);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const of = (name: string) => field(form, name).trim();
    const wrong = (name: string, text: string) => {
      setMistake(text);
      focusField(form, name);
    };
    if (of('patientId') === '') return wrong('patientId', t`Type the id of the patient`);
    if (part === 'entry' && of('resource') === '') return wrong('resource', t`Type the type and id of the entry`);
    if (of('words').length < shortestWords) return wrong('words', t`Say why in at least ${shortestWords} characters`);
    setMistake(null);
    const reason = reasons.find((one) => one === of('reason')) ?? 'other';
    const resource = part === 'entry' ? of('resource') : null;
    ask.mutate({ patientId: of('patientId'), resource, reason, words: of('words') }, { onSuccess: onDone });
  }

  return (
    <form className={classes.form} aria-label={t`Ask for a destruction`} noValidate onSubmit={submit}>
      <TextInput name="patientId" label={t`Patient id`} description={t`The FHIR id, as the chart and the request on paper name it`} autoComplete="off" spellCheck={false} maxLength={64} data-autofocus />
      <Radio.Group name="part" label={t`What of it`} value={part} onChange={(value) => setPart(value === 'entry' ? 'entry' : 'record')}>
        <div className={classes.choices}>
          <Radio value="record" label={t`The whole record`} />
          <Radio value="entry" label={t`One entry`} />
        </div>
      </Radio.Group>
      {part === 'entry' ? (
        <TextInput
          name="resource"
          label={t`Entry`}
          description={t`Type and id, as its detail in the chart shows them. What a document points to (a Binary) is an entry of its own.`}
          placeholder="DocumentReference/d1"
          autoComplete="off"
          spellCheck={false}
          maxLength={129}
        />
      ) : null}
      <NativeSelect name="reason" label={t`Why`} data={reasons.map((value) => ({ value, label: destructionReasonWords[value] }))} />
      <Textarea name="words" label={t`In your words`} description={t`The law, the file. They stay on record: nothing of the content.`} rows={3} maxLength={500} autoComplete="off" />
      <div role="alert" className={classes.problem}>
        {mistake ?? (ask.error ? sentence(ask.error.message) : null)}
      </div>
      <div className={classes.actions}>
        <Button type="submit" loading={ask.isPending}>
          {t`Ask; nothing is destroyed yet`}
        </Button>
      </div>
    </form>
  );
}
