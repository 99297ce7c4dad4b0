// The access-rights report: one row for each user, with what the account is, what it holds and what the policies allow it.
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { saveAccessRights } from '@/api/reportFiles';
import { useAccessRights } from '@/api/reportQueries';
import type { AccessRightsRow, AccessRightsSelection, AccessRightsView, RightsColumn } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { factorWords, sectionWords } from '@/lib/words';
import { SaveReport } from './SaveReport';
import classes from './reports.module.css';

/** What is newest, or most, comes first; words begin with A. */
const fromTheEnd: RightsColumn[] = ['factors', 'last-sign-in', 'last-use', 'pages', 'actions', 'changed'];

export function RightsPage() {
  const [selection, setSelection] = useState<AccessRightsSelection>({ sort: 'who', descending: false });
  const report = useAccessRights(selection);

  function sortBy(column: RightsColumn) {
    const again = selection.sort === column;
    setSelection({ sort: column, descending: again ? !selection.descending : fromTheEnd.includes(column) });
  }

  return (
    <section className={classes.page} aria-label="Access rights">
      <h1 className={classes.heading}>Access rights</h1>
      <p className={classes.lead}>What each user of this workstation may do, as the access policies decide it. What is shown here is on record itself.</p>
      <StateView
        read={report}
        what="the access rights"
        stillTrue="Nothing of it was shown; the attempt is on record."
        isEmpty={(view) => view.rows.length === 0}
        empty={<Empty title="No users" hint="Each user appears here as soon as they are made." />}
      >
        {(view) => (
          <>
            <div className={classes.counts}>
              <span role="status">{`${view.rows.length} users, ${view.rows.filter((row) => row.state === 'open').length} open`}</span>
              <SaveReport
                label="Save this report"
                files={[
                  { label: 'PDF', suggested: 'access-rights.pdf', save: (path) => saveAccessRights({ selection, form: 'pdf', path }) },
                  { label: 'CSV', suggested: 'access-rights.csv', save: (path) => saveAccessRights({ selection, form: 'csv', path }) },
                ]}
              />
            </div>
            <Rights view={view} selection={selection} busy={report.isPlaceholderData} onSort={sortBy} />
            <p className="quiet">{`Every role may as well: ${view.common.join(', ')}.`}</p>
          </>
        )}
      </StateView>
    </section>
  );
}

type Shown = { key: RightsColumn; header: string; cell: (row: AccessRightsRow) => ReactNode };

const columns: Shown[] = [
  { key: 'who', header: 'User', cell: (row) => <Two first={row.who} second={row.username} /> },
  { key: 'role', header: 'Role', cell: (row) => row.role },
  { key: 'teams', header: 'Teams', cell: (row) => row.teams.join(', ') },
  { key: 'practitioner', header: 'Practitioner', cell: (row) => row.practitioner },
  { key: 'state', header: 'Account', cell: (row) => <State row={row} /> },
  { key: 'factors', header: 'Factors', cell: (row) => row.factors.map((kind) => factorWords[kind]).join(', ') || 'none' },
  { key: 'last-sign-in', header: 'Last sign-in', cell: (row) => row.lastSignIn ?? 'never' },
  { key: 'last-use', header: 'Last use', cell: (row) => row.lastUse ?? 'never' },
  { key: 'keys', header: 'Group keys', cell: (row) => row.keys.join(', ') || 'none' },
  { key: 'pages', header: 'Pages', cell: (row) => <Many what="pages" words={row.pages.map((page) => sectionWords[page].label)} /> },
  { key: 'actions', header: 'Actions', cell: (row) => <Many what="actions" words={row.actions} /> },
  { key: 'changed', header: 'Rights changed', cell: (row) => <Two first={row.changed ?? 'not noted'} second={row.changedBy === null ? '' : `by ${row.changedBy}`} /> },
];

type TableProps = { view: AccessRightsView; selection: AccessRightsSelection; busy: boolean; onSort: (column: RightsColumn) => void };

function Rights({ view, selection, busy, onSort }: TableProps) {
  const Arrow = selection.descending ? IconArrowDown : IconArrowUp;
  return (
    // The report scrolls by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.wide} tabIndex={0} role="region" aria-label="Users and their rights">
      <table className={`${classes.table} ${classes.rights}`} aria-label="Access rights of the users" aria-busy={busy}>
        <thead>
          <tr>
            {columns.map((column) => {
              const sorted = selection.sort === column.key;
              return (
                <th key={column.key} scope="col" aria-sort={sorted ? (selection.descending ? 'descending' : 'ascending') : 'none'}>
                  <button type="button" onClick={() => onSort(column.key)}>
                    {column.header}
                    {sorted ? <Arrow size={12} aria-hidden /> : null}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr key={row.userId}>
              {columns.map((column) => (
                <td key={column.key}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Two({ first, second }: { first: string; second: string }) {
  return (
    <>
      {first}
      <div className="quiet">{second}</div>
    </>
  );
}

function State({ row }: { row: AccessRightsRow }) {
  return (
    <>
      <span data-outcome={row.state === 'open' || row.state === 'closed' ? undefined : 'failed'}>{row.state}</span>
      {row.unusedDays === null ? null : <div>{`unused for ${row.unusedDays} days`}</div>}
    </>
  );
}

/** A count that opens to what it counts. */
function Many({ what, words }: { what: string; words: string[] }) {
  if (words.length === 0) return 'none';
  return (
    <details>
      <summary>{`${words.length} ${words.length === 1 ? what.slice(0, -1) : what}`}</summary>
      {words.join(', ')}
    </details>
  );
}
