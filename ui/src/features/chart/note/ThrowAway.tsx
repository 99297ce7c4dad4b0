// A draft is thrown away: asked for once more, with the patient's name.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { failureOf } from '@/api/client';
import { useNoteDraftDelete } from '@/api/notes';
import { sentence } from '@/components/StateView';
import type { Autosave } from './autosave';
import { useQuestion } from './useQuestion';
import classes from './note.module.css';

type ThrowAwayProps = { patientId: string; id: string; noun: string; name: string; autosave: Autosave; disabled: boolean; onGone(): void };

export function ThrowAway({ patientId, id, noun, name, autosave, disabled, onGone }: ThrowAwayProps) {
  const { asked, opener, toggle, close, press } = useQuestion();
  const remove = useNoteDraftDelete(patientId);

  function gone() {
    autosave.forget();
    onGone();
  }

  async function throwAway() {
    const version = await autosave.end();
    remove.mutate(
      { patientId, chartOnScreen: patientId, id, version },
      {
        onSuccess: gone,
        onError: (error) => {
          const failure = failureOf(error);
          // It was signed or thrown away elsewhere: what is left of it is here alone.
          if (failure.code === 'not-found') gone();
          else autosave.refused(failure);
        },
      },
    );
  }

  return (
    <>
      <button
        ref={opener}
        type="button"
        className={classes.button}
        aria-expanded={asked}
        disabled={disabled}
        onClick={() => {
          remove.reset();
          toggle();
        }}
      >
        {t`Throw this draft away`}
      </button>
      {asked ? (
        // Esc answers the question and leaves the editor open.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only listens
        <div role="group" aria-label={t`Throw this draft away`} className={classes.asked} onKeyDown={press}>
          <p className={classes.plain}>{t`What is typed in it is gone then. Nothing that was signed changes.`}</p>
          <div className={classes.actions}>
            <button type="button" className={classes.button} autoFocus onClick={close}>
              {t`Go on writing`}
            </button>
            <Button className={`${classes.confirm} ${classes.danger}`} loading={remove.isPending} onClick={() => void throwAway()}>
              {t`Throw away this ${noun} for ${name}`}
            </Button>
          </div>
          <div role="alert" className={classes.problem}>
            {remove.isError ? sentence(failureOf(remove.error).message) : ''}
          </div>
        </div>
      ) : null}
    </>
  );
}
