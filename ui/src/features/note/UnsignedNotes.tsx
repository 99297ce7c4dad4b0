// What the user has left to sign: own drafts, and notes of others that wait for their signature; the oldest first.
import { t } from '@lingui/core/macro';
import { useUnsignedNotes } from '@/api/notes';
import type { CosignRow, PatientRow, UnsignedNoteRow } from '@/api/types';
import { PatientMarks } from '@/components/PatientMarks';
import { StateView } from '@/components/StateView';
import { useRowKeys } from '@/components/useRowKeys';
import { aged, moment } from '@/lib/language/moment';
import classes from './note.module.css';

type Props = { onDraft(row: UnsignedNoteRow): void; onCosign(row: CosignRow): void };

type Line = { key: string; patient: PatientRow; title: string; why: string; since: string; open(): void };

export function UnsignedNotes({ onDraft, onCosign }: Props) {
  const read = useUnsignedNotes();
  return (
    <section aria-labelledby="unsigned-notes" className={classes.panel}>
      <h2 id="unsigned-notes" className={classes.title}>
        {t`Notes to sign`}
      </h2>
      <StateView
        read={read}
        what={t`your unsigned notes`}
        stillTrue={t`Drafts are kept. Do not take this for an empty list.`}
        isEmpty={(view) => view.drafts.length === 0 && view.cosign.length === 0}
        empty={<p className={classes.none}>{t`Nothing waits for your signature.`}</p>}
      >
        {(view) => (
          <Table
            lines={[
              ...view.cosign.map((row) => ({ key: `cosign ${row.id}`, patient: row.patient, title: row.title, why: t`${row.askedBy} asks for your signature`, since: row.asked, open: () => onCosign(row) })),
              ...view.drafts.map((row) => ({ key: `draft ${row.id}`, patient: row.patient, title: row.title, why: t`Your draft, stored ${moment(row.saved)}`, since: row.began, open: () => onDraft(row) })),
            ]}
          />
        )}
      </StateView>
    </section>
  );
}

function Table({ lines }: { lines: Line[] }) {
  const keys = useRowKeys();
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={t`Notes to sign`}>
        <thead>
          <tr>
            <th scope="col">{t`Note`}</th>
            <th scope="col">{t`Patient`}</th>
            <th scope="col">{t`Born`}</th>
            <th scope="col">{t`Since`}</th>
            <th scope="col">{t`Why`}</th>
            <th scope="col">{t`Look twice`}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">
                <button type="button" className={classes.open} data-row aria-label={t`Open the ${line.title} of ${line.patient.name}, born ${moment(line.patient.birthDate)}`} onClick={line.open} onKeyDown={keys}>
                  {line.title}
                </button>
              </th>
              <td>{line.patient.name}</td>
              <td>{line.patient.age === '' ? moment(line.patient.birthDate) : `${moment(line.patient.birthDate)} (${aged(line.patient.age)})`}</td>
              <td>{moment(line.since)}</td>
              <td className={classes.why}>{line.why}</td>
              <td>
                <PatientMarks row={line.patient} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
