// A new allergy or intolerance: N, its name, Enter; a code where one is taken from the list. Or that there is none.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import type { AllergyBanner, Criticality } from '@/api/types';
import { useAllergyCreate, useNoKnownAllergyCreate } from '@/api/writes';
import { field, focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { CodedField } from './CodedField';
import { choiceOf, useCoded } from './codes';
import { CodeState } from './CodeState';
import { Outcome } from './Outcome';
import { useOpensWithN } from './useOpensWithN';
import classes from './write.module.css';

type AllergyFormProps = { patientId: string; name: string; banner: AllergyBanner };

export const criticalities: readonly { value: Criticality; label: string }[] = [
  { value: 'high', get label() { return t`High`; } },
  { value: 'low', get label() { return t`Low`; } },
  { value: 'unable-to-assess', get label() { return t`Unable to assess`; } },
];

export function AllergyForm({ patientId, name, banner }: AllergyFormProps) {
  const create = useAllergyCreate(patientId);
  const none = useNoKnownAllergyCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const agent = useCoded('write/agent');
  const [reaction, setReaction] = useKept<string>('write/reaction', '');
  const [mistake, setMistake] = useState<string>();
  useOpensWithN(() => form.current && focusField(form.current, 'agent'));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    create.reset();
    none.reset();
    const missing = agent.text.trim() === '' ? t`Type what it is against` : undefined;
    setMistake(missing);
    if (missing !== undefined) return focusField(from, 'agent');
    const criticality = field(from, 'criticality');
    create.mutate(
      { patientId, chartOnScreen: patientId, agent: agent.text, reaction, criticality: criticality === '' ? null : (criticality as Criticality), code: choiceOf(agent.chosen) },
      {
        onSuccess: () => {
          agent.clear();
          setReaction('');
          from.reset();
          focusField(from, 'agent');
        },
      },
    );
  }

  const empty = banner.state === 'not-recorded';
  return (
    <form ref={form} className={classes.panel} aria-label={t`Add an allergy`} noValidate autoComplete="off" onSubmit={submit}>
      <div className={classes.line}>
        <CodedField id="write-agent" name="agent" label={t`Allergy or intolerance to`} kind="allergy" coded={agent} invalid={mistake !== undefined} />
        <div className={classes.field}>
          <label htmlFor="write-reaction">{t`Reaction, if known`}</label>
          <input id="write-reaction" name="reaction" className={classes.input} maxLength={200} value={reaction} onChange={(event) => setReaction(event.currentTarget.value)} />
        </div>
        <div className={classes.field}>
          <label htmlFor="write-criticality">{t`Criticality`}</label>
          <select id="write-criticality" name="criticality" className={classes.select} defaultValue="">
            <option value="">{t`Not assessed`}</option>
            {criticalities.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
        </div>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {t`Add this allergy for ${name}`}
        </Button>
        {empty ? (
          <Button
            variant="default"
            className={classes.confirm}
            loading={none.isPending}
            onClick={() => {
              create.reset();
              setMistake(undefined);
              none.mutate({ patientId, chartOnScreen: patientId });
            }}
          >
            {t`Record “No known allergies” for ${name}`}
          </Button>
        ) : null}
      </div>
      <CodeState chosen={agent.chosen} uncoded={t`What is typed is kept as words: not coded, so no check for interactions knows it.`} />
      <Outcome patientId={patientId} data={create.data ?? none.data} error={create.error ?? none.error} mistake={mistake} />
    </form>
  );
}
