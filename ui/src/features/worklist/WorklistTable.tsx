// The lines of a worklist: who, why, when, where and with whom. j, k and the arrows move, Enter opens.
import { t } from '@lingui/core/macro';
import { Fragment } from 'react';
import type { Worklist, WorklistRow } from '@/api/types';
import { PatientMarks } from '@/components/PatientMarks';
import { useRowKeys } from '@/components/useRowKeys';
import { aged, moment } from '@/lib/language/moment';
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
            {list === 'schedule' ? <th scope="col">{t`Time`}</th> : null}
            <th scope="col">{t`Patient`}</th>
            <th scope="col">{t`Born`}</th>
            <th scope="col" className={classes.number}>
              {t`MRN`}
            </th>
            <th scope="col">{t`Why`}</th>
            {list === 'schedule' ? null : <th scope="col">{list === 'prescriptions' ? t`Newest` : t`When`}</th>}
            {place ? <th scope="col">{t`Where`}</th> : null}
            {persons ? <th scope="col">{t`With`}</th> : null}
            <th scope="col">{t`Look twice`}</th>
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
                {list === 'schedule' ? <td>{moment(row.when)}</td> : null}
                <th scope="row">
                  <button
                    type="button"
                    className={classes.open}
                    data-row
                    aria-label={t`Open the chart of ${row.patient.name}, born ${moment(row.patient.birthDate)}`}
                    onClick={() => onOpen(row)}
                    onKeyDown={keys}
                  >
                    {row.patient.name}
                  </button>
                </th>
                <td>{row.patient.age === '' ? moment(row.patient.birthDate) : `${moment(row.patient.birthDate)} (${aged(row.patient.age)})`}</td>
                <td className={classes.number}>{row.patient.mrn}</td>
                <td>{row.what}</td>
                {list === 'schedule' ? null : <td>{moment(row.when)}</td>}
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
  if (row.keptBack) return t`Place not shown: restricted`;
  const place = row.place === '' ? t`Place not known` : row.place;
  return row.own ? t`${place} (yours)` : place;
}

const Kept = () => <span className="quiet">{t`not shown: restricted`}</span>;
