// Whether what stands in the field will be stored with a code.
import { t } from '@lingui/core/macro';
import { label, type Chosen } from './codes';
import own from './codedField.module.css';
import classes from './write.module.css';

/** `caution` and `uncoded` are sentences of their own: what to know besides, and what follows from there being no code. */
type CodeStateProps = { chosen: Chosen | null; caution?: string; uncoded?: string };

export function CodeState({ chosen, caution = '', uncoded = '' }: CodeStateProps) {
  return (
    <p className={classes.quiet}>
      {t`N comes here, Enter adds.`}{' '}
      {chosen === null ? (
        `${uncoded === '' ? t`What is typed is kept as words: not coded.` : uncoded} ${t`Arrow down goes to the codes.`}`
      ) : (
        <strong className={own.coded}>{t`Coded as ${label(chosen)}: ${chosen.display}.`}</strong>
      )}
      {caution === '' ? null : ` ${caution}`}
    </p>
  );
}
