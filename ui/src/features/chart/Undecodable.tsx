// Entries that cannot be shown, damaged, withheld or destroyed: always on top of their section, never left out.
import { t } from '@lingui/core/macro';
import { IconFileAlert } from '@tabler/icons-react';
import type { UndecodableRow } from '@/api/types';
import classes from './Undecodable.module.css';

export function Undecodable({ rows }: { rows: UndecodableRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={t`Entries that cannot be shown`} className={classes.box}>
      <p className={classes.title}>
        <IconFileAlert size={16} aria-hidden />
        {rows.length === 1 ? t`One entry here cannot be shown` : t`${rows.length} entries here cannot be shown`}
      </p>
      {/* Focusable: a long list scrolls, also by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable */}
      <ul className={classes.list} aria-label={t`What cannot be shown, and why`} tabIndex={0}>
        {rows.map((row) => (
          <li key={`${row.resourceType}/${row.id}`}>
            <strong>{row.resourceType}</strong> <span className={classes.id}>{row.id}</span> <span lang="en">{row.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
