// Says that the form is not empty because somebody began it earlier: two patients must not meet in one form.
import { t } from '@lingui/core/macro';
import type { PersonFields } from '@/api/types';
import { fullName } from '@/lib/person';
import classes from './registration.module.css';

type StillHereProps = { person: PersonFields; /** What was looked for since. */ instead: string; onBegin: () => void };

export function StillHere({ person, instead, onBegin }: StillHereProps) {
  return (
    <p className={classes.stillHere}>
      <span>{fullName(person) === '' ? t`What was typed here before is still here.` : t`What was typed here before is still here: ${fullName(person)}.`}</span>
      <button type="button" className={classes.button} onClick={onBegin}>
        {instead === '' ? t`Throw it away and begin anew` : t`Throw it away and begin with “${instead}”`}
      </button>
    </p>
  );
}
