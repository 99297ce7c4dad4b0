// The search of the top line: commands, open charts and patients in one list (Ctrl+K).
import { TextInput } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { usePatientSearch } from '@/api/queries';
import { failureOf } from '@/api/client';
import type { PatientRow } from '@/api/types';
import { sentence } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { PatientMarks } from '@/components/PatientMarks';
import classes from './patient.module.css';

export type Command = { id: string; group: string; label: string; shortcut?: string; run: () => void };

type Props = { commands: Command[]; searchPatients: boolean; onOpen: (row: PatientRow) => void };

type Option = { id: string; group: string; run: () => void; command?: Command; row?: PatientRow };

const shownPatients = 8;

export function SearchPalette({ commands, searchPatients, onOpen }: Props) {
  const [text, setText] = useKept<string>('search', '');
  // A text that an unlock brings back was in an open list.
  const [open, setOpen] = useState(text !== '');
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 200);
  const search = usePatientSearch(open && searchPatients ? asked : '');
  const field = useRef<HTMLInputElement>(null);
  const stale = text.trim() !== '' && searchPatients && (asked !== text.trim() || search.isPlaceholderData || search.isPending);

  useHotkeys(
    [
      [
        'mod+K',
        () => {
          field.current?.select();
          setOpen(true);
        },
      ],
    ],
    [],
  );

  const found = text.trim() === '' || search.data === undefined ? [] : search.data.rows.slice(0, shownPatients);
  const options: Option[] = [
    ...found.map((row) => ({ id: `palette-${row.patientId}`, group: 'Patients', run: () => onOpen(row), row })),
    ...commands.filter((command) => matches(command.label, text)).map((command) => ({ id: `palette-${command.id}`, group: command.group, run: command.run, command })),
  ];
  const current = options[Math.min(at, options.length - 1)];

  function close() {
    setOpen(false);
    setText('');
    setAt(0);
  }

  function choose(option: Option) {
    // Rows of an older text may not be what was meant: nothing opens until the list answers what is typed.
    if (stale && option.row) return;
    close();
    field.current?.blur();
    option.run();
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' && !open) setOpen(true);
    else if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, options.length));
    else if (event.key === 'ArrowUp') setAt((at + options.length - 1) % Math.max(1, options.length));
    else if (event.key === 'Enter' && !stale && current) choose(current);
    else if (event.key === 'Escape') {
      close();
      field.current?.blur();
    } else return;
    event.preventDefault();
  }

  return (
    <div className={classes.palette} role="search">
      <TextInput
        id="palette-search"
        ref={field}
        aria-label="Search patients and commands"
        placeholder={searchPatients ? 'Search patients and commands' : 'Search commands'}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<span className={classes.hint}>Ctrl+K</span>}
        rightSectionWidth={60}
        role="combobox"
        aria-expanded={open}
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={open && current ? current.id : undefined}
        aria-keyshortcuts="Control+K"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onClick={() => setOpen(true)}
        onBlur={close}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setAt(0);
        }}
        onKeyDown={press}
      />
      {open ? (
        <Panel
          options={options}
          current={current}
          stale={stale}
          message={messageOf(text, stale, search.isError ? search.error : null, searchPatients ? search.data?.total : undefined)}
          onChoose={choose}
        />
      ) : null}
    </div>
  );
}

function matches(label: string, text: string): boolean {
  const words = text.trim().toLowerCase().split(/\s+/);
  return words.every((word) => label.toLowerCase().includes(word));
}

function messageOf(text: string, stale: boolean, error: unknown, total: number | undefined): string {
  if (error !== null) return `The search failed. ${sentence(failureOf(error).message)}`;
  if (text.trim() === '' || stale || total === undefined) return '';
  if (total === 0) return 'No patient matches.';
  return `${Math.min(total, shownPatients)} of ${total.toLocaleString('en')} patients shown${total > shownPatients ? '. The page Patients shows more.' : ''}`;
}

type PanelProps = { options: Option[]; current: Option | undefined; stale: boolean; message: string; onChoose: (option: Option) => void };

function Panel({ options, current, stale, message, onChoose }: PanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (panel.current) placeBelow(panel.current);
  }, []);
  const groups = [...new Set(options.map((option) => option.group))];
  return (
    <div ref={panel} className={classes.panel}>
      <p className={classes.message} role="status" hidden={message === ''}>
        {message}
      </p>
      <div id="palette-list" role="listbox" aria-label="Patients and commands">
        {groups.map((group) => (
          <div key={group} role="group" aria-label={group}>
            <div className={classes.group} aria-hidden>
              {group}
            </div>
            {options.filter((option) => option.group === group).map((option) => (
              <OptionRow key={option.id} option={option} selected={option === current} stale={stale} onChoose={onChoose} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Under the field, and under the patient banner when one is there: the banner is never covered (NHS CUI PAB-0013). */
function placeBelow(panel: HTMLElement) {
  const field = panel.parentElement?.getBoundingClientRect();
  const banner = document.querySelector('section[aria-label="Patient"]')?.getBoundingClientRect();
  panel.style.top = `${Math.max(field?.bottom ?? 0, banner?.bottom ?? 0) + 4}px`;
  panel.style.left = `${field?.left ?? 60}px`;
}

function OptionRow({ option, selected, stale, onChoose }: { option: Option; selected: boolean; stale: boolean; onChoose: (option: Option) => void }) {
  const { row, command } = option;
  return (
    // The keys belong to the combobox field, which names this option as its active descendant.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={option.id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-disabled={row !== undefined && stale}
      className={classes.option}
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onChoose(option)}
    >
      {row ? (
        <>
          <span className={classes.name}>{row.name}</span>
          <span className={classes.born}>
            {row.birthDate} {row.age === '' ? '' : `(${row.age})`}
          </span>
          <span className={classes.gender}>{row.gender}</span>
          <span className={classes.mrn}>{row.mrn}</span>
          <PatientMarks row={row} />
        </>
      ) : (
        <>
          <span>{command?.label}</span>
          <span className={classes.shortcut}>{command?.shortcut}</span>
        </>
      )}
    </div>
  );
}
