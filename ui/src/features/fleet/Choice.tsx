// One of a few, as buttons that say which is pressed.
import classes from './fleet.module.css';

type Props = { label: string; of: readonly { value: string; label: string }[]; chosen: string; onChoose: (value: string) => void };

export function Choice({ label, of, chosen, onChoose }: Props) {
  return (
    <div className={classes.choice} role="group" aria-label={label}>
      {of.map((one) => (
        <button key={one.value} type="button" aria-pressed={chosen === one.value} onClick={() => onChoose(one.value)}>
          {one.label}
        </button>
      ))}
    </div>
  );
}
