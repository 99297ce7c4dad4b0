// The flag of a result: sign, weight and word; colour only comes on top.
import type { Flag } from '@/api/types';
import classes from './FlagMark.module.css';

/** The HL7 interpretation letters and what they say. */
export const flagWords: Record<Flag, { sign: string; word: string }> = {
  none: { sign: '', word: '' },
  normal: { sign: '', word: 'normal' },
  abnormal: { sign: 'A', word: 'abnormal' },
  low: { sign: 'L', word: 'low' },
  high: { sign: 'H', word: 'high' },
  'critical-low': { sign: 'LL !!', word: 'critically low' },
  'critical-high': { sign: 'HH !!', word: 'critically high' },
  'critical-abnormal': { sign: 'AA !!', word: 'critically abnormal' },
};

export function FlagMark({ flag }: { flag: Flag }) {
  const { sign, word } = flagWords[flag];
  if (word === '') return null;
  return (
    <span className={classes.flag} data-flag={flag} title={word}>
      <span aria-hidden>{sign}</span>
      <span className={classes.spoken}>{word}</span>
    </span>
  );
}

/** How strongly the value itself is set. */
export function ValueMark({ value, flag }: { value: string; flag: Flag }) {
  return (
    <span className={classes.value} data-flag={flag}>
      {value === '' ? 'No value' : value}
    </span>
  );
}
