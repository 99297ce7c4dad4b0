// Four markers for four open charts: told apart by shape as well as by colour.
import classes from './frame.module.css';

const shapes = [
  <circle key="0" cx="6" cy="6" r="5" />,
  <path key="1" d="M6 0.8 L11.6 11 H0.4 Z" />,
  <rect key="2" x="1" y="1" width="10" height="10" />,
  <path key="3" d="M6 0 L12 6 L6 12 L0 6 Z" />,
];

/** The marker in a word, for those who do not see it. */
export const markerNames = ['circle', 'triangle', 'square', 'diamond'];

export function Marker({ slot }: { slot: number }) {
  return (
    <svg className={classes.marker} data-slot={slot} width="12" height="12" viewBox="0 0 12 12" aria-hidden>
      {shapes[slot]}
    </svg>
  );
}
