// The pattern of what nothing explains: it is told from the rest without its colour.
import classes from './plot.module.css';

export function Hatch({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" className={classes.hatchGround} />
        <rect width="3" height="6" className={classes.hatchLine} />
      </pattern>
    </defs>
  );
}
