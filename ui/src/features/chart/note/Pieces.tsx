// What was typed and found no place in the draft as it is stored now: nothing of it goes away before somebody says so.
import { t } from '@lingui/core/macro';
import type { Autosave } from './autosave';
import classes from './note.module.css';
import type { Piece } from './unstored';

export function Pieces({ autosave, pieces }: { autosave: Autosave; pieces: readonly Piece[] }) {
  if (pieces.length === 0) return null;
  return (
    <section aria-label={t`Typed and not stored`} className={classes.pieces}>
      <p className={classes.piecesTitle}>{t`The draft was changed elsewhere. This was typed here and is not in it:`}</p>
      <ul>
        {pieces.map((piece, index) => (
          <li key={index}>
            <p className={classes.heading}>{piece.title}</p>
            <p className={classes.piece}>{piece.text}</p>
            <div className={classes.actions}>
              <button type="button" className={classes.button} onClick={() => autosave.settle(piece, true)}>
                {t`Add it to “${piece.title}”`}
              </button>
              <button type="button" className={classes.button} onClick={() => autosave.settle(piece, false)}>
                {t`Leave it out`}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
