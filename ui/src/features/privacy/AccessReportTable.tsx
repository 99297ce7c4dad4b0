// The accesses of a report. Sorting is the core's; the table draws the rows in sight and asks for the pages that they stand on.
import { t } from '@lingui/core/macro';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode } from 'react';
import { failureOf } from '@/api/client';
import { reportPage, useReportPages } from '@/api/reportQueries';
import type { AccessReportRow, AccessReportSelection, AccessReportView, ReportAbout, ReportColumn } from '@/api/types';
import { sentence } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { AccessFlags } from './AccessFlags';
import classes from './reports.module.css';

/** A line of text and its space. */
const ROW = 30;

type Shown = { key: ReportColumn; header: string; width: number; number?: boolean; cell: (row: AccessReportRow) => ReactNode };

type Props = {
  selection: AccessReportSelection;
  first: AccessReportView;
  /** The rows stand in the former order; the new one is on its way. */
  busy: boolean;
  onSort: (column: ReportColumn) => void;
  onShow: (about: ReportAbout) => void;
};

export function AccessReportTable({ selection, first, busy, onSort, onShow }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const columns = columnsOf(selection.about.kind, onShow);
  const virtualizer = useVirtualizer({
    count: first.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialRect: { width: 1000, height: 600 },
  });
  const shown = virtualizer.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const wanted = [...new Set(shown.map(({ index }) => Math.floor(index / reportPage)))].filter((page) => page > 0);
  const pages = useReportPages(selection, first.upTo, busy ? [] : wanted);
  const rowAt = (index: number) => {
    const page = Math.floor(index / reportPage);
    const rows = page === 0 ? first.rows : pages[wanted.indexOf(page)]?.data?.rows;
    return rows?.[index % reportPage];
  };
  const failed = pages.find((page) => page.isError);
  return (
    <>
      {failed === undefined ? null : (
        <p role="alert" className={classes.problem}>
          {t`Some rows could not be read: ${sentence(failureOf(failed.error).message)} `}
          <button type="button" onClick={() => void failed.refetch()}>
            {t`Try again`}
          </button>
        </p>
      )}
      {/* The report scrolls by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={scroller} className={classes.scroller} tabIndex={0} role="region" aria-label={t`Accesses`}>
        <table className={classes.table} aria-label={t`Accesses of the report`} aria-rowcount={first.total + 1} aria-busy={busy}>
          <colgroup>
            {columns.map((column) => (
              <col key={column.key} style={{ width: column.width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <Header key={column.key} column={column} selection={selection} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            <Space height={before} columns={columns.length} />
            {shown.map(({ index }) => {
              const row = rowAt(index);
              return (
                <tr key={index} aria-rowindex={index + 2} data-emergency={row?.emergency || undefined}>
                  {row === undefined ? (
                    <td colSpan={columns.length} className="quiet">
                      {t`Reading`}
                    </td>
                  ) : (
                    columns.map((column) => (
                      <td key={column.key} className={column.number ? classes.number : undefined}>
                        {column.cell(row)}
                      </td>
                    ))
                  )}
                </tr>
              );
            })}
            <Space height={after} columns={columns.length} />
          </tbody>
        </table>
      </div>
    </>
  );
}

type HeaderProps = { column: Shown; selection: AccessReportSelection; onSort: (column: ReportColumn) => void };

function Header({ column, selection, onSort }: HeaderProps) {
  const sorted = selection.sort === column.key;
  const Arrow = selection.descending ? IconArrowDown : IconArrowUp;
  const state = sorted ? (selection.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" aria-sort={state} className={column.number ? classes.number : undefined}>
      <button type="button" onClick={() => onSort(column.key)}>
        {column.header}
        {sorted ? <Arrow size={12} aria-hidden /> : null}
      </button>
    </th>
  );
}

function columnsOf(kind: ReportAbout['kind'], onShow: (about: ReportAbout) => void): Shown[] {
  const who: Shown = {
    key: 'who',
    header: t`User`,
    width: 150,
    cell: ({ who, userId }) => (
      <Jump text={who} does={t`What this user did`} onJump={userId === null ? null : () => onShow({ kind: 'user', userId })} />
    ),
  };
  const role: Shown = { key: 'role', header: t`Role`, width: 112, cell: (row) => row.role };
  const patient: Shown = {
    key: 'patient',
    header: t`Patient`,
    width: 210,
    cell: ({ patient, patientId }) => (
      <Jump text={patient} does={t`Who looked at this patient`} onJump={patientId === null ? null : () => onShow({ kind: 'patient', patientId })} />
    ),
  };
  return [
    { key: 'recorded', header: t`When`, width: 178, cell: (row) => moment(row.recorded) },
    // A report about one user names user and role above it.
    ...(kind === 'patient' ? [who, role] : [patient]),
    { key: 'what', header: t`What`, width: 190, cell: (row) => <span title={row.what}>{row.what}</span> },
    { key: 'purpose', header: t`Purpose`, width: 170, cell: (row) => <Purpose row={row} /> },
    { key: 'outcome', header: t`Outcome`, width: 84, cell: (row) => <span data-outcome={row.outcome}>{row.outcome}</span> },
    { key: 'flags', header: t`Flags`, width: 215, cell: (row) => <AccessFlags flags={row.flags} /> },
    { key: 'entry', header: t`Entry`, width: 70, number: true, cell: (row) => row.sequence },
  ];
}

/** An emergency is told by its word and its code, not by colour alone. */
function Purpose({ row }: { row: AccessReportRow }) {
  if (!row.emergency) return row.purpose;
  const words = `${row.purposeCode}: ${row.purpose}`;
  return (
    <strong className={classes.emergency} title={words}>
      {words}
    </strong>
  );
}

/** A name that leads to the other report. */
function Jump({ text, does, onJump }: { text: string; does: string; onJump: (() => void) | null }) {
  if (onJump === null) return text;
  return (
    <button type="button" className={classes.jump} title={does} onClick={onJump}>
      {text}
    </button>
  );
}

function Space({ height, columns }: { height: number; columns: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden style={{ height }}>
      <td colSpan={columns} />
    </tr>
  );
}
