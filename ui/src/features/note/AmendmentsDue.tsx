// What patients ask to be amended and nobody has decided yet, the most urgent first.
import { useAmendmentsDue } from '@/api/amendments';
import type { AmendmentDueRow } from '@/api/types';
import { PatientMarks } from '@/components/PatientMarks';
import { StateView } from '@/components/StateView';
import { useRowKeys } from '@/components/useRowKeys';
import classes from './note.module.css';

export function AmendmentsDue({ onOpen }: { onOpen(row: AmendmentDueRow): void }) {
  const read = useAmendmentsDue();
  return (
    <section aria-labelledby="amendments-due" className={classes.panel}>
      <h2 id="amendments-due" className={classes.title}>
        Amendments to decide
      </h2>
      <StateView
        read={read}
        what="the amendments to decide"
        stillTrue="Requests are kept. Do not take this for an empty list."
        isEmpty={(view) => view.rows.length === 0}
        empty={<p className={classes.none}>No request of a patient waits for a decision.</p>}
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
      <table className={classes.table} aria-label="Amendments to decide">
        <thead>
          <tr>
            <th scope="col">Patient</th>
            <th scope="col">Born</th>
            <th scope="col">To be decided by</th>
            <th scope="col">Look twice</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <button type="button" className={classes.open} data-row aria-label={`Open the request of ${row.patient.name}, born ${row.patient.birthDate}`} onClick={() => onOpen(row)} onKeyDown={keys}>
                  {row.patient.name}
                </button>
              </th>
              <td>{row.patient.age === '' ? row.patient.birthDate : `${row.patient.birthDate} (${row.patient.age})`}</td>
              <td>{row.overdue ? <strong className={classes.overdue}>{`${row.due}, overdue`}</strong> : row.due}</td>
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
