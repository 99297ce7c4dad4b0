// The pages as they will be printed: pictures in memory, gone with the page and with the lock.
import { t } from '@lingui/core/macro';
import type { PrintPreviewView } from '@/api/types';
import classes from './print.module.css';

type PagesProps = { view: PrintPreviewView | null; pending: boolean; name: string };

export function Pages({ view, pending, name }: PagesProps) {
  return (
    <section aria-label={t`Preview`} className={classes.preview} aria-busy={pending}>
      {pending ? <p className={classes.hint}>{t`Setting the pages…`}</p> : null}
      {view === null ? (
        pending ? null : (
          <p className={classes.hint}>{t`“Show how it will look” draws the pages here. To look at them is on record.`}</p>
        )
      ) : (
        <>
          {view.missing.length === 0 ? null : (
            <p role="alert" className={classes.problem}>{t`The printer’s fonts lack ${view.missing.join(', ')}. The paper shows these numbers in place of the letters.`}</p>
          )}
          {view.pictures.map((picture, at) => (
            <img key={at} className={classes.picture} src={`data:image/svg+xml;utf8,${encodeURIComponent(picture)}`} alt={t`${view.title} of ${name}, page ${at + 1} of ${view.pages}`} />
          ))}
          {view.pages > view.pictures.length ? <p className={classes.hint}>{t`${view.pages - view.pictures.length} more pages are not drawn here.`}</p> : null}
        </>
      )}
    </section>
  );
}
