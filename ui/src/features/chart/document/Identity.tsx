// Who the document is about, beside whose chart it is: what differs is loud.
import { t } from '@lingui/core/macro';
import { IconAlertOctagon, IconCheck } from '@tabler/icons-react';
import type { IdentityRow, IdentityView } from '@/api/types';
import classes from './document.module.css';

const verdicts: Record<IdentityRow['verdict'], string> = { get same() { return t`Agrees`; }, get different() { return t`Differs`; }, get unknown() { return t`Cannot be compared`; } };

export function Identity({ identity, name }: { identity: IdentityView; name: string }) {
  return (
    <section aria-label={t`Who the document is about`} className={classes.identity} data-agrees={identity.agrees}>
      <p role={identity.agrees ? 'status' : 'alert'} className={classes.verdict}>
        {identity.agrees ? <IconCheck size={16} aria-hidden /> : <IconAlertOctagon size={16} aria-hidden />}
        {identity.words}
      </p>
      <table className={classes.compare}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t`The document`}</th>
            <th scope="col">{t`The chart of ${name}`}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {identity.rows.map((row) => (
            <tr key={row.what} data-verdict={row.verdict}>
              <th scope="row">{row.what}</th>
              <td>{row.document}</td>
              <td>{row.chart}</td>
              <td>{verdicts[row.verdict]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
