// What of these records the role of the user does not see: said, so that nobody takes a gap for a fact.
import { t } from '@lingui/core/macro';
import classes from './NotShown.module.css';

export function NotShown({ closed }: { closed: string[] }) {
  if (closed.length === 0) return null;
  return <p className={classes.note}>{t`Not shown to your role: ${closed.join('; ')}.`}</p>;
}
