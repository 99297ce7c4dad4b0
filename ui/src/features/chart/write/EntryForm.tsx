// A new entry of one of the kinds in entryKinds.ts: N, what it is, Enter; a code where its kind has codes and one is taken from the list.
import { Button } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { useEntryCreate } from '@/api/writes';
import type { EntryKind, Relative } from '@/api/types';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { CodedField } from './CodedField';
import { choiceOf, useCoded } from './codes';
import { CodeState } from './CodeState';
import { entryKinds, relatives } from './entryKinds';
import { Outcome } from './Outcome';
import { useOpensWithN } from './useOpensWithN';
import classes from './write.module.css';

type EntryFormProps = { patientId: string; name: string; kind: EntryKind };

export function EntryForm({ patientId, name, kind }: EntryFormProps) {
  const words = entryKinds[kind];
  const ofRelative = kind === 'family-history';
  const create = useEntryCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const typed = useTyped(kind);
  const [mistake, setMistake] = useState<{ field: 'relative' | 'text'; words: string }>();
  useOpensWithN(() => form.current && focusField(form.current, ofRelative ? 'relative' : 'text'));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    create.reset();
    const { text, detail, day, note, relative } = typed.values;
    const code = choiceOf(typed.coded.chosen);
    const missing = missingIn(ofRelative, typed.values, words.missing);
    setMistake(missing);
    if (missing !== undefined) return focusField(from, missing.field);
    create.mutate(
      { patientId, chartOnScreen: patientId, kind, text, day, detail, relative: ofRelative ? (relative as Relative) : null, note, code },
      {
        onSuccess: () => {
          typed.clear();
          focusField(from, ofRelative ? 'relative' : 'text');
        },
      },
    );
  }

  const id = (field: string) => `write-${kind}-${field}`;
  return (
    <form ref={form} className={classes.panel} aria-label={words.add} noValidate autoComplete="off" onSubmit={submit}>
      <div className={classes.line}>
        {ofRelative ? (
          <div className={classes.field}>
            <label htmlFor={id('relative')}>Relative</label>
            <select id={id('relative')} name="relative" className={classes.select} value={typed.values.relative} aria-required aria-invalid={mistake?.field === 'relative'} onChange={(event) => typed.set.relative(event.currentTarget.value)}>
              <option value="">Not chosen</option>
              {relatives.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.label}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        {words.coded === null ? (
          <div className={classes.field}>
            <label htmlFor={id('text')}>{words.text}</label>
            <input id={id('text')} name="text" className={`${classes.input} ${classes.words}`} maxLength={200} value={typed.values.text} aria-required aria-invalid={mistake?.field === 'text'} onChange={(event) => typed.coded.set(event.currentTarget.value, null)} />
          </div>
        ) : (
          <CodedField id={id('text')} name="text" label={words.text} kind={words.coded} coded={typed.coded} invalid={mistake?.field === 'text'} />
        )}
        {words.fields.map(({ name: field, label, width }) => (
          <div key={field} className={classes.field}>
            <label htmlFor={id(field)}>{label}</label>
            <input id={id(field)} name={field} className={classes.input} style={{ width }} maxLength={field === 'day' ? 10 : 200} value={typed.values[field]} onChange={(event) => typed.set[field](event.currentTarget.value)} />
          </div>
        ))}
        <div className={`${classes.field} ${classes.reason}`}>
          <label htmlFor={id('note')}>Note</label>
          <input id={id('note')} name="note" className={classes.input} maxLength={2000} value={typed.values.note} onChange={(event) => typed.set.note(event.currentTarget.value)} />
        </div>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {`Add this ${words.what} for ${name}`}
        </Button>
      </div>
      {words.coded === null ? (
        <p className={classes.quiet}>{`N comes here, Enter adds. What is typed is kept as words: not coded.${words.caution}`}</p>
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
  const [relative, setRelative] = useKept<string>(`write/${kind}/relative`, '');
  const set = { detail: setDetail, day: setDay, note: setNote, relative: setRelative };
  const clear = () => {
    coded.clear();
    Object.values(set).forEach((empty) => empty(''));
  };
  return { values: { text: coded.text, detail, day, note, relative }, coded, set, clear };
}

/** The first field that is empty and must not be. */
function missingIn(ofRelative: boolean, values: { text: string; relative: string }, what: string) {
  if (ofRelative && values.relative === '') return { field: 'relative', words: 'Choose which relative' } as const;
  return values.text.trim() === '' ? ({ field: 'text', words: what } as const) : undefined;
}
