// A document's text, as text: nothing in it is ever taken for markup.
import { useDocument } from '@/api/queries';
import type { DocumentView } from '@/api/types';
import { StateView } from '@/components/StateView';
import classes from './DocumentText.module.css';

type DocumentTextProps = { patientId: string; resourceType: string; id: string };

export function DocumentText({ patientId, resourceType, id }: DocumentTextProps) {
  const read = useDocument(patientId, resourceType, id);
  return (
    <StateView read={read} what="the document" failed="The document could not be read" stillTrue="It is stored and nothing was changed.">
      {(document) => <Content document={document} />}
    </StateView>
  );
}

function Content({ document }: { document: DocumentView }) {
  if (document.unreadable !== null) return <p className={classes.unreadable}>{document.unreadable}</p>;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read and scrolled by keyboard
    <div role="region" aria-label="Text of the document" tabIndex={0} className={classes.text}>
      {document.text === '' ? 'This document holds no text.' : document.text}
    </div>
  );
}
