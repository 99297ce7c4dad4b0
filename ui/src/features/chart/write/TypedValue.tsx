// The field of one vital sign: a number that is typed, or a level that is chosen.
import type { KeyboardEvent } from 'react';
import type { Typed } from './vitalSigns';
import classes from './write.module.css';

type TypedValueProps = {
  typed: Typed;
  id: string;
  name: string;
  width: number;
  first?: string;
  wrong: boolean;
  describedBy?: string | undefined;
  autoFocus?: boolean;
  onType?(text: string): void;
};

export function TypedValue({ typed, id, name, width, first = '', wrong, describedBy, autoFocus = false, onType }: TypedValueProps) {
  const field = { id, name, style: { width }, defaultValue: first, autoFocus, 'aria-invalid': wrong, 'aria-describedby': describedBy };
  if (typed.choices === undefined)
    return <input {...field} className={classes.input} inputMode="decimal" onChange={(event) => onType?.(event.currentTarget.value)} />;
  return (
    <select {...field} className={classes.select} onKeyDown={submitByEnter} onChange={(event) => onType?.(event.currentTarget.value)}>
      <option value="">–</option>
      {typed.choices.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

/** As in the fields beside it; on its own a choice would open its list. */
function submitByEnter(event: KeyboardEvent<HTMLSelectElement>) {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
