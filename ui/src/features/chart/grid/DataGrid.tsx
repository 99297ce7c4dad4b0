// A list where one row is one thing: sticky header, filter by typing, j/k or arrows, Enter opens. Long lists are virtualised.
import { t } from '@lingui/core/macro';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useContext, useId, useLayoutEffect, useMemo, useRef, type KeyboardEvent, type UIEvent } from 'react';
import { useKept, useKeptAtFirst } from '@/lib/kept';
import { useLanguage } from '@/lib/language/language';
import { stacksBelow, type Column } from './column';
import classes from './DataGrid.module.css';
import { matching, plain } from './filter';
import { GridRow, type RowPlace } from './GridRow';
import { gridKey } from './gridKey';
import { RowsLeft } from './RowsLeft';

/** From here on only the rows in sight are drawn. */
const VIRTUAL_FROM = 120;
/** A row of one line (DataGrid.module.css): what is guessed right is drawn once. */
const ROW = 29;
/** The sticky header stands above the rows and must not cover the active one (WCAG 2.4.11). */
const HEADER = 29;

export type DataGridProps<R> = {
  /** What the list is, for people who cannot see where it stands. */
  label: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  rowKey(row: R): string;
  /** The words that filtering looks at. */
  searchText(row: R): string;
  onOpen?: ((row: R) => void) | undefined;
  /** The row whose detail is open beside the list. */
  openKey?: string | null | undefined;
  /** Rows that are over: resolved, stopped, refuted. */
  isPast?: ((row: R) => boolean) | undefined;
  /** A list inside a page: no filter, grows with its rows. */
  inline?: boolean | undefined;
};

export function DataGrid<R>(props: DataGridProps<R>) {
  const { label, rows, columns, rowKey, searchText, onOpen, openKey = null, isPast, inline = false } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const filterField = useRef<HTMLInputElement>(null);
  const name = slug(label);
  const [typed, setTyped] = useKept<string>(`${name}/filter`, '');
  const [at, setAt] = useKept<number>(`${name}/row`, 0);
  const [topRow, keepTopRow] = useKeptAtFirst<number>(`${name}/top`, 0);

  const filtered = typed !== '';
  // The words of a long list are made when somebody filters it, and not before it is drawn.
  const language = useLanguage();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- dates and statuses are searched as they are written in the language
  const texts = useMemo(() => (filtered ? rows.map((row) => plain(searchText(row))) : null), [filtered, rows, searchText, language]);
  const shown = useMemo(() => (texts === null ? rows.map((_, index) => index) : matching(texts, typed)), [rows, texts, typed]);
  const active = Math.min(at, shown.length - 1);
  const left = useContext(RowsLeft);
  const coming = inline || filtered ? 0 : left;
  const total = rows.length + (inline ? 0 : left);
  const virtual = !inline && shown.length + coming >= VIRTUAL_FROM;

  const keyAt = (index: number) => {
    const row = rows[shown[index] ?? -1];
    return row === undefined ? index : rowKey(row);
  };
  const virtualizer = useVirtualizer({
    count: shown.length + coming,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 4,
    scrollMargin: HEADER,
    scrollPaddingStart: HEADER,
    getItemKey: (index) => keyAt(index),
    // The active row is always in the page: the grid points at it.
    rangeExtractor: (range) => withActive(defaultRangeExtractor(range), active),
  });

  // A long list comes back to the row that stood at its top: how tall the rows above it are is known only once they are drawn.
  useLayoutEffect(() => {
    if (virtual && topRow > 0) virtualizer.scrollToIndex(topRow, { align: 'start' });
    // Once, when the list is drawn for the first time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  function scrolled(event: UIEvent<HTMLDivElement>) {
    if (virtual) keepTopRow(virtualizer.getVirtualItemForOffset(event.currentTarget.scrollTop + HEADER)?.index ?? 0);
  }

  const template = columns.map((column) => column.width).join(' ');
  const rowId = (index: number) => `${id}-${index}`;

  function go(index: number) {
    const next = Math.max(0, Math.min(shown.length - 1, index));
    setAt(next);
    if (virtual) virtualizer.scrollToIndex(next);
    else document.getElementById(rowId(next))?.scrollIntoView?.({ block: 'nearest' });
  }

  function openRow(index: number) {
    const row = rows[shown[index] ?? -1];
    if (row !== undefined) onOpen?.(row);
  }

  function press(event: KeyboardEvent<HTMLDivElement>) {
    const action = gridKey(event, { filtered: typed !== '', filterable: !inline });
    if (action === null) return;
    event.preventDefault();
    switch (action.kind) {
      case 'move':
        return go(active + action.by);
      case 'first':
        return go(0);
      case 'last':
        return go(shown.length - 1);
      case 'open':
        return openRow(active);
      case 'clear':
        event.stopPropagation();
        return setTyped('');
      case 'filter':
        filterField.current?.focus();
        if (action.text !== '') setTyped(typed + action.text);
    }
  }

  function pressInFilter(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      scroller.current?.focus();
    } else if (event.key === 'Escape' && typed !== '') {
      event.preventDefault();
      event.stopPropagation();
      setTyped('');
    }
  }

  function drawRow(index: number, place?: RowPlace) {
    const row = rows[shown[index] ?? -1];
    if (row === undefined) return place === undefined ? null : <ComingRow key={index} index={index} top={place.top} />;
    return (
      <GridRow
        key={rowKey(row)}
        id={rowId(index)}
        row={row}
        columns={columns}
        template={template}
        index={index}
        active={index === active}
        open={openKey !== null && rowKey(row) === openKey}
        past={isPast?.(row) ?? false}
        opens={onOpen !== undefined}
        place={place}
        onClick={() => {
          setAt(index);
          openRow(index);
        }}
      />
    );
  }

  return (
    <div className={inline ? classes.inline : classes.frame}>
      {!inline && (
        <div className={classes.filter}>
          <input
            ref={filterField}
            // The same after a lock, so that the focus finds its way back.
            id={`filter-${name}`}
            type="text"
            className={classes.field}
            aria-label={t`Filter ${label}`}
            placeholder={t`Type to filter`}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={pressInFilter}
          />
          <span role="status" className={classes.tally}>
            {typed === '' ? t`${total} in all` : t`${shown.length} of ${total} shown, Esc shows all`}
          </span>
        </div>
      )}
      <div
        ref={scroller}
        id={inline ? undefined : `list-${name}`}
        data-scrolls={inline || virtual ? undefined : true}
        role="grid"
        aria-label={label}
        aria-rowcount={shown.length + coming + 1}
        aria-busy={left > 0 && !inline ? true : undefined}
        aria-readonly="true"
        aria-activedescendant={shown.length > 0 ? rowId(active) : undefined}
        tabIndex={0}
        data-stacks={stacksBelow(columns)}
        className={classes.grid}
        onKeyDown={press}
        onScroll={inline ? undefined : scrolled}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
            {columns.map((column) => (
              <div key={column.key} role="columnheader" className={classes.header} data-align={column.align}>
                {column.header}
              </div>
            ))}
          </div>
        </div>
        {shown.length === 0 ? (
          <p className={classes.none}>{t`No row holds “${typed}”. Esc shows all ${total} again.`}</p>
        ) : (
          <div role="rowgroup" className={classes.body} style={virtual ? { height: virtualizer.getTotalSize() } : undefined}>
            {virtual
              ? virtualizer.getVirtualItems().map((item) => drawRow(item.index, { top: item.start - HEADER, measure: virtualizer.measureElement }))
              : shown.map((_, index) => drawRow(index))}
          </div>
        )}
      </div>
    </div>
  );
}

/** A row that is still on its way. */
function ComingRow({ index, top }: { index: number; top: number }) {
  return (
    <div role="row" aria-rowindex={index + 2} className={`${classes.row} ${classes.placed}`} style={{ top }}>
      <div role="gridcell" className={classes.coming}>
        {t`Reading`}
      </div>
    </div>
  );
}

/** A list's name as part of an id: the same after a lock, so that focus and scrolling find their way back. */
export const slug = (label: string) => plain(label).replace(/[^a-z0-9]+/g, '-');

function withActive(indexes: number[], active: number): number[] {
  if (active < 0 || indexes.includes(active)) return indexes;
  return [...indexes, active].sort((a, b) => a - b);
}
