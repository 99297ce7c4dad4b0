// What is printed: the kind, and of a visit or a note which one.
import { t } from '@lingui/core/macro';
import { useSection } from '@/api/queries';
import type { PaperKind } from '@/api/types';
import { paperWords } from '@/lib/words';
import classes from './print.module.css';

type ChoicesProps = { kind: PaperKind; kinds: readonly PaperKind[]; onKind: (kind: PaperKind) => void };

export function Choices({ kind, kinds, onKind }: ChoicesProps) {
  return (
    <fieldset className={classes.group}>
      <legend>{t`What`}</legend>
      {kinds.map((one) => (
        <label key={one} className={classes.choice}>
          <input type="radio" name="kind" value={one} checked={one === kind} autoFocus={one === kind} onChange={() => onKind(one)} />
          <span>
            {`${paperWords[one].label} `}
            <span className={classes.hint}>{paperWords[one].hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

type OfProps = {
  patientId: string;
  kind: PaperKind;
  encounter: string;
  onEncounter: (id: string) => void;
  note: string;
  onNote: (id: string) => void;
};

export function Of(props: OfProps) {
  if (props.kind === 'visit-summary') return <OfVisit {...props} />;
  return props.kind === 'note' ? <OfNote {...props} /> : null;
}

function OfVisit({ patientId, encounter, onEncounter }: OfProps) {
  const read = useSection(patientId, 'encounters');
  const rows = read.data?.content.section === 'encounters' ? read.data.content.rows.filter((row) => row.status !== 'entered-in-error') : [];
  return (
    <label className={classes.field}>
      <span>{t`Of which visit`}</span>
      <select className={classes.select} value={encounter} onChange={(event) => onEncounter(event.currentTarget.value)}>
        <option value="">{t`What was recorded today`}</option>
        {rows.map((row) => (
          <option key={row.id} value={row.id}>
            {`${row.start.text}, ${row.kind}${row.reason === '' ? '' : `: ${row.reason}`}`}
          </option>
        ))}
      </select>
      {read.isError ? <span className={classes.problem}>{t`The encounters could not be read; today’s can be printed.`}</span> : null}
    </label>
  );
}

function OfNote({ patientId, note, onNote }: OfProps) {
  const read = useSection(patientId, 'documents');
  const rows = read.data?.content.section === 'documents' ? read.data.content.rows.filter((row) => row.resourceType === 'Composition') : [];
  if (read.isSuccess && rows.length === 0) return <p className={classes.hint}>{t`There is no signed note in this chart. A draft is printed once it is signed.`}</p>;
  return (
    <label className={classes.field}>
      <span>{t`Which note`}</span>
      <select className={classes.select} value={note} onChange={(event) => onNote(event.currentTarget.value)}>
        <option value="">{read.isPending ? t`Reading the notes…` : t`Choose a signed note`}</option>
        {rows.map((row) => (
          <option key={row.id} value={row.id}>
            {`${row.when.text}, ${row.title}, ${row.author}${row.status === 'entered-in-error' ? t` (entered in error)` : ''}`}
          </option>
        ))}
      </select>
      {read.isError ? <span className={classes.problem}>{t`The notes could not be read.`}</span> : null}
    </label>
  );
}
