// The access-rights report: one row for each user, with what the account is, what it holds and what the policies allow it.
import { plural, t } from '@lingui/core/macro';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { saveAccessRights } from '@/api/reportFiles';
import { useAccessRights } from '@/api/reportQueries';
import type { AccessRightsRow, AccessRightsSelection, AccessRightsView, RightsColumn } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
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
    <section className={classes.page} aria-label={t`Access rights`}>
      <h1 className={classes.heading}>{t`Access rights`}</h1>
      <p className={classes.lead}>{t`What each user of this workstation may do, as the access policies decide it. What is shown here is on record itself.`}</p>
      <StateView
        read={report}
        what={t`the access rights`}
        stillTrue={t`Nothing of it was shown; the attempt is on record.`}
        isEmpty={(view) => view.rows.length === 0}
        empty={<Empty title={t`No users`} hint={t`Each user appears here as soon as they are made.`} />}
      >
        {(view) => (
          <>
            <div className={classes.counts}>
              <span role="status">{t`${plural(view.rows.length, { one: '# user', other: '# users' })}, ${view.rows.filter((row) => row.state === 'open').length} open`}</span>
              <SaveReport
                label={t`Save this report`}
                files={[
                  { label: 'PDF', suggested: 'access-rights.pdf', save: (path) => saveAccessRights({ selection, form: 'pdf', path }) },
                  { label: 'CSV', suggested: 'access-rights.csv', save: (path) => saveAccessRights({ selection, form: 'csv', path }) },
                ]}
              />
            </div>
            <Rights view={view} selection={selection} busy={report.isPlaceholderData} onSort={sortBy} />
            <p className="quiet">{t`Every role may as well: ${view.common.join(', ')}.`}</p>
          </>
        )}
      </StateView>
    </section>
  );
}

type Shown = { key: RightsColumn; header: string; cell: (row: AccessRightsRow) => ReactNode };

const columns: Shown[] = [
  { key: 'who', get header() { return t`User`; }, cell: (row) => <Two first={row.who} second={row.username} /> },
  { key: 'role', get header() { return t`Role`; }, cell: (row) => row.role },
  { key: 'teams', get header() { return t`Teams`; }, cell: (row) => row.teams.join(', ') },
  { key: 'practitioner', get header() { return t`Practitioner`; }, cell: (row) => row.practitioner },
  { key: 'state', get header() { return t`Account`; }, cell: (row) => <State row={row} /> },
  { key: 'factors', get header() { return t`Factors`; }, cell: (row) => row.factors.map((kind) => factorWords[kind]).join(', ') || t`none` },
  { key: 'last-sign-in', get header() { return t`Last sign-in`; }, cell: (row) => moment(row.lastSignIn ?? t`never`) },
  { key: 'last-use', get header() { return t`Last use`; }, cell: (row) => moment(row.lastUse ?? t`never`) },
  { key: 'keys', get header() { return t`Group keys`; }, cell: (row) => row.keys.join(', ') || t`none` },
  { key: 'pages', get header() { return t`Pages`; }, cell: (row) => <Many counted="pages" words={row.pages.map((page) => sectionWords[page].label)} /> },
  { key: 'actions', get header() { return t`Actions`; }, cell: (row) => <Many counted="actions" words={row.actions} /> },
  { key: 'changed', get header() { return t`Rights changed`; }, cell: (row) => <Two first={moment(row.changed ?? t`not noted`)} second={row.changedBy === null ? '' : t`by ${row.changedBy}`} /> },
];

type TableProps = { view: AccessRightsView; selection: AccessRightsSelection; busy: boolean; onSort: (column: RightsColumn) => void };

function Rights({ view, selection, busy, onSort }: TableProps) {
  const Arrow = selection.descending ? IconArrowDown : IconArrowUp;
  return (
    // The report scrolls by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.wide} tabIndex={0} role="region" aria-label={t`Users and their rights`}>
      <table className={`${classes.table} ${classes.rights}`} aria-label={t`Access rights of the users`} aria-busy={busy}>
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
      {row.unusedDays === null ? null : <div>{t`unused for ${row.unusedDays} days`}</div>}
    </>
  );
}

/** A count that opens to what it counts. */
function Many({ counted, words }: { counted: 'pages' | 'actions'; words: string[] }) {
  if (words.length === 0) return t`none`;
  return (
    <details>
      <summary>{counted === 'pages' ? plural(words.length, { one: '# page', other: '# pages' }) : plural(words.length, { one: '# action', other: '# actions' })}</summary>
      {words.join(', ')}
    </details>
  );
}
