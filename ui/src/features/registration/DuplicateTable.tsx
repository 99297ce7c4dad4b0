// What was typed and who may be the same person, one below the other, so that each column can be compared.
import { t } from '@lingui/core/macro';
import type { DuplicateRow, PatientRow, PersonFields } from '@/api/types';
import { PatientMarks } from '@/components/PatientMarks';
import { useRowKeys } from '@/components/useRowKeys';
import { birthDateWords } from '@/lib/birthDate';
import { codeWords } from '@/lib/language/codeWords';
import { moment } from '@/lib/language/moment';
import { duplicateWords, fullName } from '@/lib/person';
import classes from './registration.module.css';

type DuplicateTableProps = { person: PersonFields; rows: DuplicateRow[]; onOpen: (row: PatientRow) => void };

export function DuplicateTable({ person, rows, onOpen }: DuplicateTableProps) {
  const keys = useRowKeys();
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={t`Patients who may be the same person`}>
        <thead>
          <tr>
            <th scope="col">{t`Patient`}</th>
            <th scope="col">{t`Born`}</th>
            <th scope="col">{t`Gender`}</th>
            <th scope="col" className={classes.number}>
              {t`MRN`}
            </th>
            <th scope="col">{t`Why`}</th>
            <th scope="col">{t`Look twice`}</th>
            <th scope="col">{t`What to do`}</th>
          </tr>
        </thead>
        <tbody>
          <tr className={classes.typed}>
            <th scope="row">{fullName(person)}</th>
            <td>{known(birthDateWords(person.birthDate))}</td>
            <td>{codeWords(person.gender ?? t`Not asked`)}</td>
            <td className={classes.number}>{known(person.mrn)}</td>
            <td colSpan={3}>{t`What was typed, not stored`}</td>
          </tr>
          {rows.map(({ patient, why }) => (
            <tr key={patient.patientId}>
              <th scope="row">{patient.name}</th>
              <td>{moment(patient.birthDate)}</td>
              <td>{codeWords(patient.gender)}</td>
              <td className={classes.number}>{patient.mrn}</td>
              <td className={classes.why}>
                <strong>{duplicateWords[why]}</strong>
              </td>
              <td>
                <PatientMarks row={patient} />
              </td>
              <td>
                <button
                  type="button"
                  data-row
                  className={classes.button}
                  aria-label={t`Open the chart of ${patient.name}, born ${moment(patient.birthDate)}`}
                  onClick={() => onOpen(patient)}
                  onKeyDown={keys}
                >
                  {t`Open the chart`}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const known = (text: string) => (text === '' ? t`Not known` : text);
