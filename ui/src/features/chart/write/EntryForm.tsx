// A new entry of one of the kinds in entryKinds.ts: N, what it is, Enter; a code where its kind has codes and one is taken from the list.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef, useState, type FormEvent } from 'react';
import { useEntryCreate } from '@/api/writes';
import type { ColleagueView, EntryKind } from '@/api/types';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { CodedField } from './CodedField';
import { choiceOf, useCoded } from './codes';
import { CodeState } from './CodeState';
import { chosen, isFound, isNamed } from './entryChoices';
import { entryKinds, type KindWords } from './entryKinds';
import { Outcome } from './Outcome';
import { useOpensWithN } from './useOpensWithN';
import classes from './write.module.css';

type EntryFormProps = {
  patientId: string;
  name: string;
  kind: EntryKind;
  /** What to say of a choice before it is stored; undefined where there is nothing to say. */
  warning?: ((chosen: string) => string | undefined) | undefined;
  /** Whom it can be with. */
  colleagues?: readonly ColleagueView[];
};

export function EntryForm({ patientId, name, kind, warning, colleagues = [] }: EntryFormProps) {
  const words = entryKinds[kind];
  const { choice } = words;
  const first = choice === null ? 'text' : 'choice';
  const create = useEntryCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const typed = useTyped(kind);
  // A new choice once what was chosen is stored: WebKit tells nobody of a choice that is the same as the one before.
  const [round, setRound] = useState(0);
  const [mistake, setMistake] = useState<{ field: 'choice' | 'text' | 'detail'; words: string }>();
  useOpensWithN(() => form.current && focusField(form.current, first));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    create.reset();
    const { text, detail, day, note, udi } = typed.values;
    const member = colleagues.find((one) => one.id === typed.values.member)?.id ?? null;
    const asked = asksText(words, typed.values.choice);
    const code = asked ? choiceOf(typed.coded.chosen) : null;
    const missing = missingIn(words, typed.values);
    setMistake(missing);
    if (missing !== undefined) return focusField(from, missing.field);
    create.mutate(
      { patientId, chartOnScreen: patientId, kind, text: asked ? text : '', day, detail, note, code, member, udi: udi === '' ? null : udi, ...chosen(choice, typed.values.choice) },
      {
        onSuccess: () => {
          typed.clear();
          setRound((before) => before + 1);
          requestAnimationFrame(() => form.current && focusField(form.current, first));
        },
      },
    );
  }

  const said = warning?.(typed.values.choice);
  const id = (field: string) => `write-${kind}-${field}`;
  return (
    <form ref={form} className={classes.panel} aria-label={words.add} noValidate autoComplete="off" onSubmit={submit}>
      <div className={classes.line}>
        {choice === null ? null : (
          <div className={classes.field}>
            <label htmlFor={id('choice')}>{choice.label}</label>
            <select key={round} id={id('choice')} name="choice" className={classes.select} value={typed.values.choice} aria-required aria-invalid={mistake?.field === 'choice'} onChange={(event) => typed.set.choice(event.currentTarget.value)}>
              <option value="">{t`Not chosen`}</option>
              {choice.options.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.label}
                </option>
              ))}
            </select>
          </div>
        )}
        {!asksText(words, typed.values.choice) ? null : words.coded === null ? (
          <div className={classes.field}>
            <label htmlFor={id('text')}>{words.text}</label>
            <input id={id('text')} name="text" className={`${classes.input} ${classes.words}`} maxLength={200} value={typed.values.text} aria-required={!isNamed(choice, typed.values.choice)} aria-invalid={mistake?.field === 'text'} onChange={(event) => typed.coded.set(event.currentTarget.value, null)} />
          </div>
        ) : (
          <CodedField id={id('text')} name="text" label={words.text} kind={words.coded} coded={typed.coded} invalid={mistake?.field === 'text'} />
        )}
        {words.fields.map(({ name: field, label, width, moment = false }) => (
          <div key={field} className={classes.field}>
            <label htmlFor={id(field)}>{label}</label>
            <input id={id(field)} name={field} type={moment ? 'datetime-local' : 'text'} className={classes.input} style={{ width }} {...(moment ? {} : { maxLength: field === 'day' ? 10 : 200 })} aria-invalid={mistake?.field === field} value={typed.values[field]} onChange={(event) => typed.set[field](event.currentTarget.value)} />
          </div>
        ))}
        {colleagues.length === 0 ? null : (
          <div className={classes.field}>
            <label htmlFor={id('member')}>{t`With, besides you`}</label>
            <select id={id('member')} name="member" className={classes.select} value={typed.values.member} onChange={(event) => typed.set.member(event.currentTarget.value)}>
              <option value="">{t`Nobody else`}</option>
              {colleagues.map((one) => (
                <option key={one.id} value={one.id}>
                  {`${one.name}, ${one.role}`}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className={`${classes.field} ${classes.reason}`}>
          <label htmlFor={id('note')}>{t`Note`}</label>
          <input id={id('note')} name="note" className={classes.input} maxLength={2000} value={typed.values.note} onChange={(event) => typed.set.note(event.currentTarget.value)} />
        </div>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {t`${words.verb} this ${words.what} for ${name}`}
        </Button>
      </div>
      {said === undefined ? null : (
        <p role="status" className={classes.warning}>
          <IconAlertTriangle size={14} aria-hidden />
          <span>{said}</span>
        </p>
      )}
      {words.coded === null || !asksText(words, typed.values.choice) ? (
        <p className={classes.quiet}>{[t`N comes here, Enter adds. What is typed is kept as words: not coded.`, words.caution].join(' ').trim()}</p>
      ) : (
        <CodeState chosen={typed.coded.chosen} caution={words.caution} />
      )}
      <Outcome patientId={patientId} data={create.data} error={create.error} mistake={mistake?.words} />
    </form>
  );
}

/** What stands in the fields, kept over a lock under the name of the kind. */
function useTyped(kind: EntryKind) {
  const coded = useCoded(`write/${kind}/text`);
  const [detail, setDetail] = useKept<string>(`write/${kind}/detail`, '');
  const [day, setDay] = useKept<string>(`write/${kind}/day`, '');
  const [note, setNote] = useKept<string>(`write/${kind}/note`, '');
  const [choice, setChoice] = useKept<string>(`write/${kind}/choice`, '');
  const [udi, setUdi] = useKept<string>(`write/${kind}/udi`, '');
  const [member, setMember] = useKept<string>(`write/${kind}/member`, '');
  const set = { detail: setDetail, day: setDay, note: setNote, choice: setChoice, udi: setUdi, member: setMember };
  const clear = () => {
    coded.clear();
    Object.values(set).forEach((empty) => empty(''));
  };
  return { values: { text: coded.text, detail, day, note, choice, udi, member }, coded, set, clear };
}

/** The first field that is empty and must not be. */
function missingIn({ choice, missing, detailMissing }: KindWords, values: { text: string; choice: string; detail: string }) {
  if (choice !== null && values.choice === '') return { field: 'choice', words: choice.missing } as const;
  if (values.text.trim() === '' && !isNamed(choice, values.choice)) return { field: 'text', words: missing } as const;
  return detailMissing !== undefined && values.detail.trim() === '' && !isFound(choice, values.choice) ? ({ field: 'detail', words: detailMissing } as const) : undefined;
}

/** Whether its words are asked for beside this choice. */
const asksText = ({ textFor }: KindWords, choice: string) => textFor === undefined || textFor === choice;
