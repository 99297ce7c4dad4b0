// What the two parts of a bar are, and how many bars are left out.
import { plural, t } from '@lingui/core/macro';
import { Sign } from './Sign';
import classes from './plot.module.css';

export function Legend({ more = 0 }: { more?: number }) {
  return (
    <p className={classes.legend}>
      <Sign className={classes.bar}>{t`explained, or not known`}</Sign>
      <Sign hatched>{t`nothing explains it`}</Sign>
      {more > 0 ? <span>{plural(more, { one: '# more in the table', other: '# more in the table' })}</span> : null}
    </p>
  );
}
