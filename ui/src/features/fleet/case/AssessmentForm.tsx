// Assessing whether it is a breach. Each factor is said in words; the last day for the notices is shown before it is recorded.
import { t } from '@lingui/core/macro';
import { Button, Radio, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useIncidentDecide } from '@/api/fleet';
import type { IncidentView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { dayWords, later } from '@/lib/day';
import { focusField } from '@/lib/form';
import { useKeptAtFirst } from '@/lib/kept';
import { number } from '@/lib/language/number';
import { useToday } from '@/lib/useToday';
import { caseName, notifyDays } from '../caseWords';
import classes from '../fleet.module.css';
import { factorLabels, factors, readDraft, written, type Draft } from './factors';
import { shortest } from './WordsForm';

/** Of each factor, as the server takes it. */
const longest = 4_000;

export function AssessmentForm({ view, onDone }: { view: IncidentView; onDone: () => void }) {
  const { row, assessment } = view;
  const today = useToday();
  const decide = useIncidentDecide();
  const [kept, keep] = useKeptAtFirst<string>(`assessment ${row.id}`, '');
  const [draft, setDraft] = useState<Draft>(() =>
    readDraft(kept, { nature: assessment?.nature ?? '', recipient: assessment?.recipient ?? '', acquired: assessment?.acquired ?? '', mitigated: assessment?.mitigated ?? '', breach: assessment?.breach ?? null, discovered: assessment?.discoveredDay ?? today }),
  );
  const [mistake, setMistake] = useState<string | null>(null);
  const dated = /^\d{4}-\d{2}-\d{2}$/.test(draft.discovered);

  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keep(written(next));
  };

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const short = factors.find((factor) => [...draft[factor].trim()].length < shortest);
    if (short !== undefined) {
      setMistake(t`Assess each of the four factors in at least ${shortest} characters`);
      return focusField(form, short);
    }
    if (!dated || draft.discovered > today) {
      setMistake(t`Name the day of the discovery, which is not after today`);
      return focusField(form, 'discovered');
    }
    if (draft.breach === null) return setMistake(t`Say whether it is a breach`);
    setMistake(null);
    const { breach, ...rest } = draft;
    decide.mutate(
      { id: row.id, decision: { act: 'assess', assessment: { ...rest, breach } } },
      {
        onSuccess: () => {
          keep('');
          onDone();
        },
      },
    );
  }

  return (
    <form className={classes.form} aria-label={t`Assess it`} noValidate onSubmit={submit}>
      {factors.map((factor, at) => (
        <Textarea key={factor} name={factor} label={factorLabels[factor]} description={t`${shortest} to ${number(longest)} characters`} rows={3} maxLength={longest} autoComplete="off" autoFocus={at === 0} value={draft[factor]} onChange={(event) => change({ [factor]: event.currentTarget.value })} />
      ))}
      <TextInput name="discovered" type="date" label={t`Discovered`} description={t`The first day on which it was known, or would have been by reasonable diligence (45 CFR 164.404(a)(2))`} max={today} value={draft.discovered} onChange={(event) => change({ discovered: event.currentTarget.value })} />
      <Radio.Group label={t`What follows`} value={draft.breach === null ? null : String(draft.breach)} onChange={(value) => change({ breach: value === 'true' })}>
        <div className={classes.choices}>
          <Radio value="false" label={t`No breach: a low probability that the information has been compromised is demonstrated`} />
          <Radio value="true" label={dated ? t`A breach: notices by ${dayWords(later(draft.discovered, notifyDays))}, ${notifyDays} days after the discovery` : t`A breach: notices within ${notifyDays} days after the discovery`} />
        </div>
      </Radio.Group>
      <div role="alert" className={classes.problem}>
        {mistake ?? (decide.error === null ? null : sentence(decide.error.message))}
      </div>
      <Button type="submit" loading={decide.isPending}>
        {draft.breach === true ? t`Record that ${caseName(row)} is a breach` : draft.breach === false ? t`Record that ${caseName(row)} is no breach` : t`Record the assessment of ${caseName(row)}`}
      </Button>
    </form>
  );
}
