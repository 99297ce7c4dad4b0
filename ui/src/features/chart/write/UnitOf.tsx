// The unit of what is typed: a word, a choice, or nothing.
import type { Typed } from './vitalSigns';
import { field } from '@/lib/form';
import classes from './write.module.css';

type UnitOfProps = { typed: Typed; id?: string; name: string; label: string; chosen?: string; onChoose?(code: string): void };

export function UnitOf({ typed, id, name, label, chosen, onChoose }: UnitOfProps) {
  const [unit] = typed.units;
  if (unit === undefined) return null;
  if (typed.units.length === 1)
    return (
      <span id={id} className={classes.unit}>
        {unit.label}
      </span>
    );
  return (
    <select id={id} name={name} aria-label={label} className={classes.select} value={chosen} onChange={onChoose && ((event) => onChoose(event.currentTarget.value))}>
      {typed.units.map((one) => (
        <option key={one.code} value={one.code}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

/** The code of the unit in a form; empty where there is none. */
export const unitIn = (form: HTMLFormElement, typed: Typed, name: string) => (typed.units.length > 1 ? field(form, name) : (typed.units[0]?.code ?? ''));
