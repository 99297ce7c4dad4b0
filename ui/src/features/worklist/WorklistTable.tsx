// The lines of a worklist: who, why, when, where and with whom. j, k and the arrows move, Enter opens.
import { Fragment } from 'react';
import type { Worklist, WorklistRow } from '@/api/types';
import { PatientMarks } from '@/components/PatientMarks';
import { useRowKeys } from '@/components/useRowKeys';
import classes from './worklist.module.css';

type Props = { label: string; list: Worklist; rows: WorklistRow[]; onOpen: (row: WorklistRow) => void };

/** Which columns a list has beside the patient. */
const columns: Record<Worklist, { place: boolean; with: boolean }> = {
  panel: { place: true, with: false },
  ward: { place: false, with: true },
  schedule: { place: true, with: true },
  prescriptions: { place: false, with: false },
  claims: { place: false, with: false },
};

export function WorklistTable({ label, list, rows, onOpen }: Props) {
  const keys = useRowKeys();
  const { place, with: persons } = columns[list];
  const width = 6 + Number(place) + Number(persons);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {list === 'schedule' ? <th scope="col">Time</th> : null}
            <th scope="col">Patient</th>
            <th scope="col">Born</th>
            <th scope="col" className={classes.number}>
              MRN
            </th>
            <th scope="col">Why</th>
            {list === 'schedule' ? null : <th scope="col">{list === 'prescriptions' ? 'Newest' : 'When'}</th>}
            {place ? <th scope="col">Where</th> : null}
            {persons ? <th scope="col">With</th> : null}
            <th scope="col">Look twice</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <Fragment key={row.key}>
              {list === 'ward' && heading(row) !== heading(rows[at - 1]) ? (
                <tr className={classes.group}>
                  <th scope="rowgroup" colSpan={width}>
                    {heading(row)}
                  </th>
                </tr>
              ) : null}
              <tr>
                {list === 'schedule' ? <td>{row.when}</td> : null}
                <th scope="row">
                  <button
                    type="button"
                    className={classes.open}
                    data-row
                    aria-label={`Open the chart of ${row.patient.name}, born ${row.patient.birthDate}`}
                    onClick={() => onOpen(row)}
                    onKeyDown={keys}
                  >
                    {row.patient.name}
                  </button>
                </th>
                <td>{row.patient.age === '' ? row.patient.birthDate : `${row.patient.birthDate} (${row.patient.age})`}</td>
                <td className={classes.number}>{row.patient.mrn}</td>
                <td>{row.what}</td>
                {list === 'schedule' ? null : <td>{row.when}</td>}
                {place ? <td>{row.keptBack ? <Kept /> : row.place}</td> : null}
                {persons ? <td>{row.keptBack ? <Kept /> : row.with}</td> : null}
                <td>
                  <PatientMarks row={row.patient} />
                </td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function heading(row: WorklistRow | undefined): string | undefined {
  if (row === undefined) return undefined;
  if (row.keptBack) return 'Place not shown: restricted';
  const place = row.place === '' ? 'Place not known' : row.place;
  return row.own ? `${place} (yours)` : place;
}

const Kept = () => <span className="quiet">not shown: restricted</span>;
