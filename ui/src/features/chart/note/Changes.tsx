// What an amendment changed, line by line: a sign and a word for each line, never colour alone.
import { t } from '@lingui/core/macro';
import { Fragment } from 'react';
import type { LineChange } from '@/api/types';
import classes from './note.module.css';

export function Changes({ changes }: { changes: readonly LineChange[] }) {
  return (
    <section aria-label={t`What was changed`} className={classes.part}>
      <h3 className={classes.title}>{t`What was changed`}</h3>
      <div className={classes.lines}>
        {changes.map((one, index) => (
          <Fragment key={index}>
            <span aria-hidden className={classes.sign}>
              {one.change === 'removed' ? '−' : one.change === 'added' ? '+' : ''}
            </span>
            <Line change={one} />
          </Fragment>
        ))}
      </div>
    </section>
  );
}

function Line({ change: { change, line } }: { change: LineChange }) {
  if (change === 'kept') return <p className={classes.line}>{line}</p>;
  const Mark = change === 'removed' ? 'del' : 'ins';
  return (
    <p className={classes.line} data-change={change}>
      <span className="visually-hidden">{`${change}: `}</span>
      <Mark>{line}</Mark>
    </p>
  );
}
