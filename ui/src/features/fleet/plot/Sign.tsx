// A sample of a colour and its pattern, with its word.
import classes from './plot.module.css';

export function Sign({ className, hatched = false, children }: { className?: string | undefined; hatched?: boolean; children: string }) {
  return (
    <span>
      <svg className={classes.swatch} viewBox="0 0 18 10" aria-hidden>
        {hatched ? (
          <>
            <rect x="0.5" y="0.5" width="17" height="9" className={`${classes.hatchGround} ${classes.hatched}`} />
            <path d="M3 10L9 0M9 10L15 0" className={classes.hatched} />
          </>
        ) : (
          <rect width="18" height="10" className={className} />
        )}
      </svg>
      {children}
    </span>
  );
}
