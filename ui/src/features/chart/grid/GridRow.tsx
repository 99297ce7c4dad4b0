// One row. The first column says what it is and is its header.
import type { Column } from './column';
import classes from './DataGrid.module.css';

/** Where a virtual row stands, and how its real height is taken. */
export type RowPlace = { top: number; measure: (element: HTMLElement | null) => void };

type GridRowProps<R> = {
  id: string;
  row: R;
  columns: readonly Column<R>[];
  template: string;
  index: number;
  active: boolean;
  open: boolean;
  past: boolean;
  opens: boolean;
  place?: RowPlace | undefined;
  onClick(): void;
};

export function GridRow<R>({ id, row, columns, template, index, active, open, past, opens, place, onClick }: GridRowProps<R>) {
  return (
    // The keyboard path is the grid's own: it holds the focus and points here.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- see above
    <div
      id={id}
      ref={place?.measure}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={open}
      data-index={index}
      data-active={active || undefined}
      data-past={past || undefined}
      data-opens={opens || undefined}
      className={place === undefined ? classes.row : `${classes.row} ${classes.placed}`}
      style={place === undefined ? { gridTemplateColumns: template } : { gridTemplateColumns: template, top: place.top }}
      onClick={onClick}
    >
      {columns.map((column, at) => (
        <div key={column.key} role={at === 0 ? 'rowheader' : 'gridcell'} className={classes.cell} data-align={column.align} data-column={column.key}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}
