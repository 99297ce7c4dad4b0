// What patients ask to be amended and nobody has decided yet, the most urgent first.
import { t } from '@lingui/core/macro';
import { useAmendmentsDue } from '@/api/amendments';
import type { AmendmentDueRow } from '@/api/types';
import { PatientMarks } from '@/components/PatientMarks';
import { StateView } from '@/components/StateView';
import { useRowKeys } from '@/components/useRowKeys';
import { aged, moment } from '@/lib/language/moment';
import classes from './note.module.css';

export function AmendmentsDue({ onOpen }: { onOpen(row: AmendmentDueRow): void }) {
  const read = useAmendmentsDue();
  return (
    <section aria-labelledby="amendments-due" className={classes.panel}>
      <h2 id="amendments-due" className={classes.title}>
        {t`Amendments to decide`}
      </h2>
      <StateView
        read={read}
        what={t`the amendments to decide`}
        stillTrue={t`Requests are kept. Do not take this for an empty list.`}
        isEmpty={(view) => view.rows.length === 0}
        empty={<p className={classes.none}>{t`No request of a patient waits for a decision.`}</p>}
      >
        {(view) => <Table rows={view.rows} onOpen={onOpen} />}
      </StateView>
    </section>
  );
}

function Table({ rows, onOpen }: { rows: readonly AmendmentDueRow[]; onOpen(row: AmendmentDueRow): void }) {
  const keys = useRowKeys();
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={t`Amendments to decide`}>
        <thead>
          <tr>
            <th scope="col">{t`Patient`}</th>
            <th scope="col">{t`Born`}</th>
            <th scope="col">{t`To be decided by`}</th>
            <th scope="col">{t`Look twice`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <button type="button" className={classes.open} data-row aria-label={t`Open the request of ${row.patient.name}, born ${moment(row.patient.birthDate)}`} onClick={() => onOpen(row)} onKeyDown={keys}>
                  {row.patient.name}
                </button>
              </th>
              <td>{row.patient.age === '' ? moment(row.patient.birthDate) : `${moment(row.patient.birthDate)} (${aged(row.patient.age)})`}</td>
              <td>{row.overdue ? <strong className={classes.overdue}>{t`${moment(row.due)}, overdue`}</strong> : moment(row.due)}</td>
              <td>
                <PatientMarks row={row.patient} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
