// LIVE, DEMO or TRAINING: told apart by word, shape and colour on every page (SAFER guides).
import classes from './EnvironmentBadge.module.css';

export function EnvironmentBadge({ kind, badge, meaning }: { kind: string; badge: string; meaning: string }) {
  return (
    <span className={classes.badge} data-kind={kind} title={meaning}>
      {badge}
      <span className="visually-hidden">: {meaning}</span>
    </span>
  );
}
