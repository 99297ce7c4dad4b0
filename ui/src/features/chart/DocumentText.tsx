// A document's text, as text: nothing in it is ever taken for markup.
import { useDocument } from '@/api/queries';
import classes from './DocumentText.module.css';
import { Failed, Loading } from './QueryStates';

type DocumentTextProps = { patientId: string; resourceType: string; id: string };

export function DocumentText({ patientId, resourceType, id }: DocumentTextProps) {
  const read = useDocument(patientId, resourceType, id);
  if (read.isPending) return <Loading what="the document" />;
  if (read.isError) {
    return (
      <Failed
        what="The document could not be read"
        error={read.error}
        stillTrue="It is stored and nothing was changed."
        retrying={read.isFetching}
        onRetry={() => void read.refetch()}
      />
    );
  }
  if (read.data.unreadable !== null) return <p className={classes.unreadable}>{read.data.unreadable}</p>;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read and scrolled by keyboard
    <div role="region" aria-label="Text of the document" tabIndex={0} className={classes.text}>
      {read.data.text === '' ? 'This document holds no text.' : read.data.text}
    </div>
  );
}
