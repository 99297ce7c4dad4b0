// A document's text, as text: nothing in it is ever taken for markup. A note that was signed here says more than its text.
import { t } from '@lingui/core/macro';
import { useDocument } from '@/api/queries';
import type { DocumentView, NoteDraftView } from '@/api/types';
import { StateView } from '@/components/StateView';
import { Blocks } from './document/Blocks';
import classes from './DocumentText.module.css';
import { NoteText } from './note/NoteText';

type DocumentTextProps = {
  patientId: string;
  resourceType: string;
  id: string;
  /** Opens another document of the list by its key. */
  onShow(key: string): void;
  /** A note that follows this one was begun. */
  onBegun(draft: NoteDraftView): void;
};

export function DocumentText({ patientId, resourceType, id, onShow, onBegun }: DocumentTextProps) {
  const read = useDocument(patientId, resourceType, id);
  return (
    <StateView read={read} what={t`the document`} failed={t`The document could not be read`} stillTrue={t`It is stored and nothing was changed.`}>
      {(document) =>
        document.note === null ? <Content document={document} /> : <NoteText patientId={patientId} id={id} note={document.note} onShow={onShow} onBegun={onBegun} />
      }
    </StateView>
  );
}

function Content({ document }: { document: DocumentView }) {
  if (document.unreadable !== null) return <p className={classes.unreadable}>{document.unreadable}</p>;
  if (document.parts.length > 0)
    return (
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read and scrolled by keyboard
      <div role="region" aria-label={t`Text of the document`} tabIndex={0} className={classes.parts}>
        {document.parts.map((part, index) => (
          // Sections have no ids, and never move.
          <section key={index} data-depth={part.depth}>
            <h3 className={classes.part}>{part.title}</h3>
            {part.blocks.length === 0 ? <p className={classes.nothing}>{t`This section says nothing.`}</p> : <Blocks blocks={part.blocks} />}
          </section>
        ))}
      </div>
    );
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read and scrolled by keyboard
    <div role="region" aria-label={t`Text of the document`} tabIndex={0} className={classes.text}>
      {document.text === '' ? t`This document holds no text.` : document.text}
    </div>
  );
}
