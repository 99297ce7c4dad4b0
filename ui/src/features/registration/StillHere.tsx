// Says that the form is not empty because somebody began it earlier: two patients must not meet in one form.
import type { PersonFields } from '@/api/types';
import { fullName } from '@/lib/person';
import classes from './registration.module.css';

type StillHereProps = { person: PersonFields; /** What was looked for since. */ instead: string; onBegin: () => void };

export function StillHere({ person, instead, onBegin }: StillHereProps) {
  return (
    <p className={classes.stillHere}>
      <span>{`What was typed here before is still here${fullName(person) === '' ? '' : `: ${fullName(person)}`}.`}</span>
      <button type="button" className={classes.button} onClick={onBegin}>
        {instead === '' ? 'Throw it away and begin anew' : `Throw it away and begin with “${instead}”`}
      </button>
    </p>
  );
}
