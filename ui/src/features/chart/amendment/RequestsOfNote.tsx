// What the patient asked to be amended in a note, with the note.
import { t } from '@lingui/core/macro';
import type { AmendmentRow } from '@/api/types';
import { inside } from '@/lib/language/language';
import { moment } from '@/lib/language/moment';
import { AmendmentText } from './AmendmentText';
import { statusWords } from './words';
import classes from './amendment.module.css';

/** On top of the note. */
export function RequestLines({ rows }: { rows: readonly AmendmentRow[] }) {
  return rows.map((row) => (
    <p key={row.id} className={classes.notice}>
      {row.disagreement === null
        ? t`An amendment was requested on ${moment(row.received.text)}: ${inside(statusWords[row.status])}`
        : t`An amendment was requested on ${moment(row.received.text)}: ${inside(statusWords[row.status])}; the patient disagrees`}
    </p>
  ));
}

/** Below it, in full. */
export function Requests({ rows }: { rows: readonly AmendmentRow[] }) {
  return rows.map((row) => (
    <article key={row.id} aria-label={t`Requested by the patient on ${moment(row.received.text)}`} className={classes.ofNote}>
      <h3 className={classes.label}>{t`Requested by the patient on ${moment(row.received.text)}`}</h3>
      <AmendmentText row={row} />
    </article>
  ));
}
