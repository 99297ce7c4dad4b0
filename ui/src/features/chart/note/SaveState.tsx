// How far a draft is stored, in one line.
import { t } from '@lingui/core/macro';
import { failureOf } from '@/api/client';
import { sentence } from '@/components/StateView';
import type { Writing } from './autosave';
import classes from './note.module.css';

type SaveStateProps = { writing: Writing; onReadAgain(): void; reading: boolean; readProblem: unknown };

export function SaveState({ writing, onReadAgain, reading, readProblem }: SaveStateProps) {
  const { phase, saved, failure } = writing;
  const bad = phase === 'failed' || phase === 'conflict';
  return (
    <div className={classes.state} data-bad={bad || undefined}>
      <span role="status">
        {phase === 'stored' ? t`Draft stored ${saved}` : bad ? t`Not stored yet: ${(failure?.message ?? '').replace(/\.$/, '')}, it stays here` : t`Storing...`}
      </span>
      {phase === 'conflict' ? (
        <button type="button" className={classes.button} disabled={reading} onClick={onReadAgain}>
          {t`Read the draft again`}
        </button>
      ) : null}
      {readProblem === null ? null : <span role="alert">{sentence(failureOf(readProblem).message)}</span>}
    </div>
  );
}
