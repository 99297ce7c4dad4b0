// A field for words that offers codes while somebody types: the combobox of the WAI-ARIA Authoring Practices with a list that is not obeyed.
// Arrows go through the codes, Enter takes the one that is marked, Escape closes the list; Tab and Enter without a mark leave the words as words.
import { plural, t } from '@lingui/core/macro';
import { useId, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { failureOf } from '@/api/client';
import { shortest, useTerminologySearch } from '@/api/terminology';
import type { CodedKind, ConceptRow, TerminologyView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { listed } from '@/lib/language/number';
import type { Coded } from './codes';
import own from './codedField.module.css';
import classes from './write.module.css';

/** Names are at most so long; a longer one of a code leaves the words that were typed. */
const longest = 200;

type CodedFieldProps = { id: string; name: string; label: string; kind: CodedKind; coded: Coded; invalid: boolean };

export function CodedField({ id, name, label, kind, coded, invalid }: CodedFieldProps) {
  const list = useId();
  const [asked, setAsked] = useState(false);
  const [marked, setMarked] = useState(-1);
  const long = coded.text.trim().length >= shortest;
  const search = useTerminologySearch(kind, coded.text, asked && long);
  const open = asked && long && (search.data !== undefined || search.error !== null);
  const rows = open ? (search.data?.rows ?? []) : [];
  const active = rows[marked];
  const option = (at: number) => `${list}-${at}`;

  function type(text: string) {
    coded.set(text, null);
    setAsked(true);
    setMarked(-1);
  }

  function take(row: ConceptRow) {
    const { system, systemName, release, code, display } = row;
    coded.set(display.length > longest ? coded.text : display, { system, systemName, release, code, display });
    close();
  }

  function close() {
    setAsked(false);
    setMarked(-1);
  }

  function move(by: 1 | -1) {
    if (!open) return setAsked(true);
    const count = rows.length;
    // One place before the first is the field itself, where nothing is marked.
    if (count > 0) setMarked(((marked + 1 + by + count + 1) % (count + 1)) - 1);
  }

  function press(event: KeyboardEvent<HTMLInputElement>) {
    if (event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event.key === 'ArrowDown' ? 1 : -1);
    else if (event.key === 'Enter' && active !== undefined) take(active);
    else if (event.key === 'Escape' && open) close();
    else {
      if (event.key === 'Enter' || event.key === 'Tab') close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function click(event: MouseEvent<HTMLDivElement>) {
    event.preventDefault();
    const clicked = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    const row = rows[[...event.currentTarget.children].findIndex((child) => child === clicked)];
    if (row !== undefined) take(row);
  }

  return (
    <div className={`${classes.field} ${own.field}`}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        className={`${classes.input} ${classes.words}`}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={rows.length > 0}
        aria-controls={rows.length > 0 ? list : undefined}
        aria-activedescendant={active === undefined ? undefined : option(marked)}
        aria-describedby={`${list}-state`}
        aria-invalid={invalid}
        aria-required
        maxLength={longest}
        value={coded.text}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={close}
      />
      {open ? (
        <div className={own.popup}>
          {rows.length > 0 ? (
            // The field keeps the focus, whatever is clicked in here.
            <div id={list} role="listbox" aria-label={t`Codes for ${label}`} tabIndex={-1} className={own.list} onMouseDown={click}>
              {rows.map((row, at) => (
                <Option key={`${row.system}/${row.code}`} id={option(at)} row={row} marked={at === marked} />
              ))}
            </div>
          ) : null}
          <p className={own.note}>{search.error === null ? noteOf(search.data?.systems ?? [], rows.length) : sentence(failureOf(search.error).message)}</p>
        </div>
      ) : null}
      <span id={`${list}-state`} className={own.hidden}>
        {coded.chosen === null ? t`Not coded` : t`Coded as ${coded.chosen.code}`}
      </span>
      <span aria-live="polite" className={own.hidden}>
        {open ? plural(rows.length, { one: '# code', other: '# codes' }) : ''}
      </span>
    </div>
  );
}

type OptionProps = { id: string; row: ConceptRow; marked: boolean };

function Option({ id, row, marked }: OptionProps) {
  return (
    <div id={id} role="option" aria-selected={marked} className={own.option} ref={marked ? (element) => element?.scrollIntoView?.({ block: 'nearest' }) : undefined}>
      <span className={own.display}>
        {row.display}
        {row.kind === '' || row.kind === 'Active' ? '' : ` (${row.kind})`}
      </span>{' '}
      <span className={own.code}>{`${row.code} ${row.systemName}`}</span>
    </div>
  );
}

/** What was searched, and what could not be: in words of the core. */
function noteOf(systems: TerminologyView[], found: number): string {
  const searched = systems.filter((system) => system.state === 'imported' || system.state === 'common');
  const others = systems.filter((system) => !searched.includes(system));
  const lines = others.map((system) => sentence(system.words));
  if (searched.length > 0) lines.unshift(searchedWords(listed(searched.map((system) => system.words)), found));
  return lines.join(' ');
}

const searchedWords = (systems: string, found: number) => (found === 0 ? t`No code begins so in ${systems}.` : t`From ${systems}.`);
