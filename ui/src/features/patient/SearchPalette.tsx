// The search of the top line: patients, what the chart on the screen holds, and commands in one list (Ctrl+K).
import { t } from '@lingui/core/macro';
import { TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { isDrawn } from '@/api/onScreen';
import { useAsked, useChartSearch, usePatientSearch } from '@/api/queries';
import { failureOf } from '@/api/client';
import type { ChartHit, ChartSearchView, PatientRow } from '@/api/types';
import { FlagMark, ValueMark } from '@/components/FlagMark';
import { sentence } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { sectionWords } from '@/lib/words';
import { PatientMarks } from '@/components/PatientMarks';
import { aged, moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import classes from './patient.module.css';

export type Command = { id: string; group: string; label: string; shortcut?: string; run: () => void };

/** `chart`: the patient whose chart stands on the screen and is searched too. */
type Props = {
  commands: Command[];
  searchPatients: boolean;
  chart: string | null;
  onOpen: (row: PatientRow) => void;
  onHit: (patientId: string, hit: ChartHit) => void;
};

type Option = { id: string; group: string; run: () => void; command?: Command; row?: PatientRow; hit?: ChartHit };

const shownPatients = 8;

export function SearchPalette({ commands, searchPatients, chart, onOpen, onHit }: Props) {
  const [text, setText] = useKept<string>('search', '');
  // A text that an unlock brings back was in an open list.
  const [open, setOpen] = useState(text !== '');
  const [at, setAt] = useState(0);
  const asked = useAsked(text.trim(), open && searchPatients);
  const search = usePatientSearch(open && searchPatients ? asked : '');
  // A chart that the user may not open is not asked either: each question would be a refusal on record.
  const drawn = chart !== null && isDrawn(chart) ? chart : null;
  const inChart = useChartSearch(open ? drawn : null, asked === text.trim() ? asked : '');
  const field = useRef<HTMLInputElement>(null);
  // What had the focus before the search gets it back.
  const from = useRef<HTMLElement>(null);
  const waits = (read: { isPlaceholderData: boolean; isPending: boolean }) => asked !== text.trim() || read.isPlaceholderData || read.isPending;
  const stale = text.trim() !== '' && searchPatients && waits(search);
  const asksChart = drawn !== null && text.trim().length > 1;
  const chartWaits = asksChart && waits(inChart);
  const inChartNow = asksChart && !chartWaits ? inChart : undefined;

  useHotkeys(
    [
      [
        'mod+K',
        () => {
          field.current?.focus();
          field.current?.select();
          setOpen(true);
        },
      ],
    ],
    [],
  );

  const found = text.trim() === '' || search.data === undefined ? [] : search.data.rows.slice(0, shownPatients);
  const options: Option[] = [
    ...found.map((row) => ({ id: `palette-${row.patientId}`, group: t`Patients`, run: () => onOpen(row), row })),
    ...(inChartNow?.data?.hits ?? []).map((hit) => ({ id: `palette-${hit.section}-${hit.key}`, group: t`In this chart`, run: () => drawn !== null && onHit(drawn, hit), hit })),
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
    // A patient, or what stands in a chart, is gone on with where it opens.
    if (option.command === undefined) field.current?.blur();
    else giveBack();
    option.run();
  }

  function giveBack() {
    if (from.current?.isConnected === true) from.current.focus();
    else field.current?.blur();
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' && !open) setOpen(true);
    else if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, options.length));
    else if (event.key === 'ArrowUp') setAt((at + options.length - 1) % Math.max(1, options.length));
    else if (event.key === 'Enter' && !stale && !chartWaits && current) choose(current);
    else if (event.key === 'Escape') {
      close();
      giveBack();
    } else return;
    event.preventDefault();
  }

  return (
    <div className={classes.palette} role="search">
      <TextInput
        id="palette-search"
        ref={field}
        aria-label={t`Search patients and commands`}
        placeholder={chart !== null ? t`Search patients, this chart and commands` : searchPatients ? t`Search patients and commands` : t`Search commands`}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<span className={classes.hint}>{t`Ctrl+K`}</span>}
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
        onFocus={(event) => {
          from.current = event.relatedTarget instanceof HTMLElement ? event.relatedTarget : null;
        }}
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
          waits={stale || chartWaits}
          messages={[
            messageOf(text, stale, search.isError ? search.error : null, searchPatients ? search.data?.total : undefined),
            inChartNow === undefined ? '' : chartMessage(inChartNow.isError ? inChartNow.error : null, inChartNow.data),
          ]}
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
  if (error !== null) return t`The search failed. ${sentence(failureOf(error).message)}`;
  if (text.trim() === '' || stale || total === undefined) return '';
  if (total === 0) return t`No patient matches.`;
  return total > shownPatients
    ? t`${shownPatients} of ${number(total)} patients shown. The page Patients shows more.`
    : t`${total} of ${number(total)} patients shown`;
}

/** Said where what is shown is not all that there is. */
function chartMessage(error: unknown, found: ChartSearchView | undefined): string {
  if (error !== null) return t`This chart could not be searched. ${sentence(failureOf(error).message)}`;
  if (found === undefined) return '';
  const more = found.total > found.hits.length ? t`${found.hits.length} of ${found.total} in this chart shown; type more of the name.` : '';
  return [more, found.unread === 0 ? '' : t`${found.unread} entries of this chart could not be read and were not searched.`].join(' ').trim();
}

type PanelProps = { options: Option[]; current: Option | undefined; stale: boolean; waits: boolean; messages: string[]; onChoose: (option: Option) => void };

function Panel({ options, current, stale, waits, messages, onChoose }: PanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (panel.current) placeBelow(panel.current);
  }, []);
  const message = messages.filter((one) => one !== '').join(' ');
  const groups = [...new Set(options.map((option) => option.group))];
  return (
    <div ref={panel} className={classes.panel}>
      <p className={classes.message} role="status" hidden={message === ''}>
        {message}
      </p>
      <div id="palette-list" role="listbox" aria-busy={waits} aria-label={t`Patients and commands`}>
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
  // Zoomed in, the field stands too far right for it.
  panel.style.left = `${Math.max(8, Math.min(field?.left ?? 60, window.innerWidth - panel.offsetWidth - 8))}px`;
}

function OptionRow({ option, selected, stale, onChoose }: { option: Option; selected: boolean; stale: boolean; onChoose: (option: Option) => void }) {
  const { row, command, hit } = option;
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
            {moment(row.birthDate)} {row.age === '' ? '' : `(${aged(row.age)})`}
          </span>
          <span className={classes.gender}>{row.gender}</span>
          <span className={classes.mrn}>{row.mrn}</span>
          <PatientMarks row={row} />
        </>
      ) : hit ? (
        <>
          <span className={classes.name}>{hit.name}</span>
          <span className={classes.hit}>
            <ValueMark value={hit.detail} flag={hit.flag} /> <FlagMark flag={hit.flag} />
          </span>
          <span className={classes.born}>{moment(hit.when.text)}</span>
          <span className={classes.shortcut}>{sectionWords[hit.section].label}</span>
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
