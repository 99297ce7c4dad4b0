// What becomes of the code of an entry whose words are changed.
import { t } from '@lingui/core/macro';
import { label, type Chosen } from './codes';
import own from './codedField.module.css';
import classes from './write.module.css';

/** `code` is the one that it has; empty where it has none. */
export function EditedCode({ code, chosen }: { code: string; chosen: Chosen | null }) {
  if (chosen !== null)
    return (
      <p className={classes.quiet}>
        <strong className={own.coded}>{t`Coded as ${label(chosen)}: ${chosen.display}.`}</strong>
      </p>
    );
  return <p className={classes.quiet}>{code === '' ? t`Not coded. Arrow down goes to the codes.` : t`Coded as ${code}: other words need a code of their own. Arrow down goes to the codes.`}</p>;
}
