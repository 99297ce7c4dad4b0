// An act that asks for words: they are kept over a lock until they are sent.
import { t } from '@lingui/core/macro';
import { Button, Textarea } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { sentence } from '@/components/StateView';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { number } from '@/lib/language/number';
import classes from '../fleet.module.css';

/** As the server takes them. */
export const shortest = 10;
export const longest = 2_000;

export type Sending = { isPending: boolean; error: Error | null };
type Props = {
  /** Under which name they are kept. */
  name: string;
  label: string;
  confirm: string;
  state: Sending;
  /** What stands before the words. */
  children?: ReactNode;
  /** What else is missing, if anything. */
  missing?: () => string | null;
  onWords: (words: string, forget: () => void) => void;
};

export function WordsForm({ name, label, confirm, state, children, missing, onWords }: Props) {
  const [words, setWords] = useKept<string>(`words ${name}`, '');
  const [mistake, setMistake] = useState<string | null>(null);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const lacking = missing?.() ?? null;
    setMistake(lacking);
    if (lacking !== null) return;
    if ([...words.trim()].length < shortest) {
      setMistake(t`Say it in at least ${shortest} characters`);
      return focusField(event.currentTarget, 'words');
    }
    onWords(words.trim(), () => setWords(''));
  }

  return (
    <form className={classes.form} aria-label={confirm} noValidate onSubmit={submit}>
      {children}
      <Textarea name="words" label={label} description={t`${shortest} to ${number(longest)} characters; they stay on record`} rows={3} maxLength={longest} autoComplete="off" autoFocus value={words} onChange={(event) => setWords(event.currentTarget.value)} />
      <div role="alert" className={classes.problem}>
        {mistake ?? (state.error === null ? null : sentence(state.error.message))}
      </div>
      <Button type="submit" loading={state.isPending}>
        {confirm}
      </Button>
    </form>
  );
}
