// What the patient asked to be amended in a note, with the note.
import type { AmendmentRow } from '@/api/types';
import { AmendmentText } from './AmendmentText';
import { statusWords } from './words';
import classes from './amendment.module.css';

/** On top of the note. */
export function RequestLines({ rows }: { rows: readonly AmendmentRow[] }) {
  return rows.map((row) => (
    <p key={row.id} className={classes.notice}>
      {`An amendment was requested on ${row.received.text}: ${statusWords[row.status].toLowerCase()}${row.disagreement === null ? '' : '; the patient disagrees'}`}
    </p>
  ));
}

/** Below it, in full. */
export function Requests({ rows }: { rows: readonly AmendmentRow[] }) {
  return rows.map((row) => (
    <article key={row.id} aria-label={`Requested by the patient on ${row.received.text}`} className={classes.ofNote}>
      <h3 className={classes.label}>{`Requested by the patient on ${row.received.text}`}</h3>
      <AmendmentText row={row} />
    </article>
  ));
}
