// A plot and its table: the same numbers, one key apart.
import { t } from '@lingui/core/macro';
import { type KeyboardEvent, type ReactNode } from 'react';
import { useKept } from '@/lib/kept';
import table from '../fleet.module.css';
import classes from './plot.module.css';

type Props = {
  /** Under which name it is kept what is shown. */
  name: string;
  title: string;
  plot: ReactNode;
  /** Header cells of the table; numbers stand at the right. */
  columns: { header: string; number?: boolean }[];
  rows: { key: string; cells: ReactNode[] }[];
  /** Said in place of both where there is nothing. */
  nothing: string;
};

export function Twin({ name, title, plot, columns, rows, nothing }: Props) {
  const [asTable, setAsTable] = useKept<boolean>(`table ${name}`, false);
  function press(event: KeyboardEvent) {
    if (event.key.toLowerCase() !== 't' || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    setAsTable(!asTable);
  }
  return (
    // T is heard from the button and the table alike.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only listens
    <section className={classes.twin} aria-label={title} onKeyDown={press}>
      <div className={classes.head}>
        <h2>{title}</h2>
        {rows.length === 0 ? null : (
          <button type="button" className={classes.turn} aria-pressed={asTable} aria-keyshortcuts="T" aria-label={asTable ? t`Plot (T): ${title}` : t`Table (T): ${title}`} onClick={() => setAsTable(!asTable)}>
            {asTable ? t`Plot (T)` : t`Table (T)`}
          </button>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="quiet">{nothing}</p>
      ) : asTable ? (
        // It scrolls, and by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={classes.scroller} tabIndex={0} role="region" aria-label={t`Numbers: ${title}`}>
          <table className={table.table}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.header} scope="col" className={column.number === true ? table.number : undefined}>
                    {column.header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  {row.cells.map((cell, at) =>
                    at === 0 ? (
                      <th key="0" scope="row">
                        {cell}
                      </th>
                    ) : (
                      <td key={columns[at]?.header ?? at} className={columns[at]?.number === true ? table.number : undefined}>
                        {cell}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        plot
      )}
    </section>
  );
}
