// A note that follows the one that is shown, or the one that it follows, in full.
import type { RelatedNoteView } from '@/api/types';
import { InError, isInError } from './InError';
import classes from './note.module.css';
import { RelatedSections } from './Sections';
import { BrokenSignature, isBroken, Signatures } from './Signatures';

export function RelatedNote({ heading, note }: { heading: string; note: RelatedNoteView }) {
  return (
    <article aria-label={heading} className={classes.part}>
      <h3 className={classes.title}>{heading}</h3>
      {note.error === null ? null : <InError error={note.error} />}
      {isBroken(note.signatures) ? <BrokenSignature /> : null}
      <RelatedSections sections={note.sections} struck={isInError(note.error)} />
      <Signatures signatures={note.signatures} />
    </article>
  );
}
