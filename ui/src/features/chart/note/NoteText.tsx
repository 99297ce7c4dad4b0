// A signed note: what followed it first, then its text under its headings, who signed it, and what can be done with it.
import { t } from '@lingui/core/macro';
import { IconPrinter } from '@tabler/icons-react';
import type { NoteDraftView, NoteView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { usePrintAsk } from '../print/PrintAsk';
import { useWrites } from '../write/whose';
import { RequestLines, Requests } from '../amendment/RequestsOfNote';
import { Changes } from './Changes';
import { Cosign } from './Cosign';
import { FollowUp } from './FollowUp';
import { InError, isInError } from './InError';
import { MarkInError } from './MarkInError';
import { noteKey } from './place';
import { RelatedNote } from './RelatedNote';
import { NoteSections } from './Sections';
import { BrokenSignature, isBroken, Signatures } from './Signatures';
import { relationWords } from './words';
import classes from './note.module.css';

type NoteTextProps = { patientId: string; id: string; note: NoteView; onShow(key: string): void; onBegun(draft: NoteDraftView): void };

export function NoteText({ patientId, id, note, onShow, onBegun }: NoteTextProps) {
  const whose = useWrites('documents');
  const print = usePrintAsk();
  const { sections, signatures, original, followers, changes, wanted, mayCosign, mayFollow, mayMark, error, requests } = note;
  return (
    <>
      {error === null ? null : <InError error={error} />}
      {isBroken(signatures) ? <BrokenSignature /> : null}
      <RequestLines rows={requests} />
      {followers.map((one) => (
        <p key={one.id} className={classes.followed} data-relation={isInError(one.error) ? 'in-error' : one.relation}>
          {isInError(one.error)
            ? t`${relationWords[one.relation].label} by ${one.author} on ${moment(one.when)}, entered in error.`
            : t`${relationWords[one.relation].by} by ${one.author} on ${moment(one.when)}.`}{' '}
          <button type="button" className={classes.link} onClick={() => onShow(noteKey(one.id))}>
            {one.relation === 'addendum' ? t`Open this addendum` : t`Open this amendment`}
          </button>
        </p>
      ))}
      {original === null ? null : (
        <p className={classes.followed}>
          {isInError(original.error)
            ? t`${relationWords[original.relation].of}: ${original.title} by ${original.author}, ${moment(original.when)}, entered in error.`
            : t`${relationWords[original.relation].of}: ${original.title} by ${original.author}, ${moment(original.when)}.`}{' '}
          <button type="button" className={classes.link} onClick={() => onShow(noteKey(original.id))}>
            {t`Open the original`}
          </button>
        </p>
      )}
      <NoteSections sections={sections} struck={isInError(error)} />
      <Signatures signatures={signatures} />
      {print === null ? null : (
        <div className={classes.actions}>
          <button type="button" className={classes.button} onClick={() => print(id)}>
            <IconPrinter size={14} aria-hidden /> {t`Print this note`}
          </button>
        </div>
      )}
      {wanted === null ? null : <p className={classes.wanted}>{t`Waits for the signature of ${wanted.name}`}</p>}
      {mayCosign && whose !== null ? <Cosign patientId={patientId} id={id} name={whose.name} /> : null}
      {followers.map((one) => (
        <RelatedNote key={one.id} heading={t`${relationWords[one.relation].label} by ${one.author}, ${moment(one.when)}`} note={one} />
      ))}
      <Requests rows={requests} />
      {changes.length === 0 ? null : <Changes changes={changes} />}
      {original === null ? null : <RelatedNote heading={t`The original by ${original.author}, ${moment(original.when)}, as it was signed`} note={original} />}
      {mayFollow && whose !== null ? <FollowUp patientId={patientId} id={id} onBegun={onBegun} /> : null}
      {mayMark !== null && whose !== null ? <MarkInError key={id} patientId={patientId} id={id} name={whose.name} whose={mayMark} /> : null}
    </>
  );
}
