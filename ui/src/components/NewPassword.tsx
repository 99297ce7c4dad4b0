// A new password, typed twice, with its length said in words while it grows.
import { t } from '@lingui/core/macro';
import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { lengthOf } from '@/lib/password';
import { passwordLength } from '@/lib/words';
import classes from './NewPassword.module.css';

type Props = {
  label: string;
  /** The label of the second field. */
  again?: string;
  /** What there is to know beside the rules. */
  hint?: string;
  /** Where the page has other fields of these names. */
  id?: string;
  focus?: boolean;
  errorOf: (name: string) => string | undefined;
};

/** The fields `password` and `repeat`. Only the length is kept while somebody types, never a letter. */
export function NewPassword({ label, again = t`${label} again`, hint, id, focus = false, errorOf }: Props) {
  const [length, setLength] = useState(0);
  const hide = { 'aria-label': t`Show the password` };
  const rules = t`At least ${passwordLength} characters, spaces too. A sentence, or four words that do not belong together, is good; names and common passwords are refused.`;
  const said = length === 0 ? t`Nothing typed yet` : length < passwordLength ? t`${length} of at least ${passwordLength} characters` : t`${length} characters: long enough`;
  return (
    <>
      <div>
        <PasswordInput
          {...(id === undefined ? {} : { id: `${id}-password` })}
          name="password"
          label={label}
          description={hint === undefined ? rules : `${rules} ${hint}`}
          autoComplete="new-password"
          autoFocus={focus}
          visibilityToggleButtonProps={hide}
          error={errorOf('password')}
          onChange={(event) => setLength(lengthOf(event.currentTarget.value))}
        />
        <div className={classes.length}>
          <meter className={classes.meter} min={0} max={passwordLength} value={Math.min(length, passwordLength)} aria-label={t`Length of the password`} />
          <span role="status">{said}</span>
        </div>
      </div>
      <PasswordInput
        {...(id === undefined ? {} : { id: `${id}-repeat` })}
        name="repeat"
        label={again}
        autoComplete="new-password"
        visibilityToggleButtonProps={hide}
        error={errorOf('repeat')}
      />
    </>
  );
}
