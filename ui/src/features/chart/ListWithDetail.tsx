// A list, and beside it what was opened from it. Enter opens, Esc comes back to the same row.
import { useCallback, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useKept } from '@/lib/kept';
import { DataGrid, slug, type DataGridProps } from './grid/DataGrid';
import { RowsLeft } from './grid/RowsLeft';
import classes from './ListWithDetail.module.css';

type ListWithDetailProps<R> = Omit<DataGridProps<R>, 'onOpen' | 'openKey'> & {
  /** `show` opens another row by its key. */
  detail(row: R, close: () => void, show: (key: string) => void): ReactNode;
  /** Two thirds for the detail: plots and documents. */
  wide?: boolean;
  /** The columns that stay when the detail stands beside the list; all of them for none. */
  beside?: ReadonlySet<string>;
};

export function ListWithDetail<R>({ detail, wide = false, beside, columns, ...grid }: ListWithDetailProps<R>) {
  const list = useRef<HTMLDivElement>(null);
  const [openKey, setOpenKey] = useKept<string | null>(`${slug(grid.label)}/open`, null);
  const row = openKey === null ? undefined : grid.rows.find((candidate) => grid.rowKey(candidate) === openKey);

  const shown = row === undefined || beside === undefined ? columns : columns.filter((column) => beside.has(column.key));

  const close = useCallback(() => {
    setOpenKey(null);
    list.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }, [setOpenKey]);

  function press(event: KeyboardEvent) {
    if (event.key !== 'Escape' || row === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  }

  return (
    // Esc bubbles up to here from the list and from the detail.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- it only listens
    <div className={classes.split} data-open={row !== undefined || undefined} data-wide={wide || undefined} onKeyDown={press}>
      <div ref={list} className={classes.list}>
        <DataGrid {...grid} columns={shown} openKey={openKey} onOpen={(opened) => setOpenKey(grid.rowKey(opened))} />
      </div>
      {row !== undefined && (
        <div id={`detail-${slug(grid.label)}`} data-scrolls className={classes.detail} key={openKey}>
          <RowsLeft value={0}>{detail(row, close, setOpenKey)}</RowsLeft>
        </div>
      )}
    </div>
  );
}
