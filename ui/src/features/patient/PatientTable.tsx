// Patients as rows: identity in the banner's order, best match first. j, k and the arrows move, Enter opens.
import { t } from '@lingui/core/macro';
import { useDeferredValue, type Ref } from 'react';
import type { PatientRow } from '@/api/types';
import { useRowKeys } from '@/components/useRowKeys';
import { PatientMarks } from '@/components/PatientMarks';
import { codeWords } from '@/lib/language/codeWords';
import { aged, moment } from '@/lib/language/moment';
import classes from './patient.module.css';

/** As many rows as a tall screen shows. */
const onScreen = 24;

type Props = {
  label: string;
  rows: PatientRow[];
  /** The rows answer an older text: shown, and not to be opened. */
  stale?: boolean;
  onOpen: (row: PatientRow) => void;
  /** Up from the first row. */
  onLeave?: () => void;
  ref?: Ref<HTMLTableElement>;
};

export function PatientTable({ label, rows, stale = false, onOpen, onLeave, ref }: Props) {
  const keys = useRowKeys(onLeave);
  // What is on the screen is drawn first, what is behind it when nothing waits.
  const behind = useDeferredValue(rows.slice(onScreen), []);
  const isBehind = rows[onScreen] === behind[0];
  const drawn = isBehind ? rows : rows.slice(0, onScreen);
  return (
    <table ref={ref} className={classes.table} aria-label={label} aria-busy={stale} data-stale={stale || undefined}>
      <thead>
        <tr>
          <th scope="col">{t`Patient`}</th>
          <th scope="col">{t`Born`}</th>
          <th scope="col" className={classes.number}>
            {t`Age`}
          </th>
          <th scope="col">{t`Gender`}</th>
          <th scope="col" className={classes.number}>
            {t`MRN`}
          </th>
          <th scope="col">{t`Look twice`}</th>
          <th scope="col">{t`Last opened by you`}</th>
        </tr>
      </thead>
      <tbody>
        {drawn.map((row) => (
          <tr key={row.patientId}>
            <th scope="row">
              <button
                type="button"
                className={classes.open}
                data-row
                aria-disabled={stale}
                aria-label={t`Open the chart of ${row.name}, born ${moment(row.birthDate)}`}
                onClick={() => {
                  if (!stale) onOpen(row);
                }}
                onKeyDown={keys}
              >
                {row.name}
              </button>
            </th>
            <td>{moment(row.birthDate)}</td>
            <td className={classes.number}>{aged(row.age)}</td>
            <td>{codeWords(row.gender)}</td>
            <td className={classes.number}>{row.mrn}</td>
            <td>
              <PatientMarks row={row} />
            </td>
            <td className="quiet">{moment(row.lastOpened ?? '')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
