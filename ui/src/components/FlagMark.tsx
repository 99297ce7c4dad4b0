// The flag of a result: sign, weight and word; colour only comes on top.
import { t } from '@lingui/core/macro';
import { IconAlertOctagon } from '@tabler/icons-react';
import type { Flag } from '@/api/types';
import classes from './FlagMark.module.css';

/** The HL7 interpretation letters and what they say. */
export const flagWords: Record<Flag, { sign: string; word: string }> = {
  none: { sign: '', word: '' },
  normal: { sign: '', get word() { return t`normal`; } },
  abnormal: { sign: 'A', get word() { return t`abnormal`; } },
  low: { sign: 'L', get word() { return t`low`; } },
  high: { sign: 'H', get word() { return t`high`; } },
  'critical-low': { sign: 'LL', get word() { return t`critically low`; } },
  'critical-high': { sign: 'HH', get word() { return t`critically high`; } },
  'critical-abnormal': { sign: 'AA', get word() { return t`critically abnormal`; } },
};

export function FlagMark({ flag }: { flag: Flag }) {
  const { sign, word } = flagWords[flag];
  if (word === '') return null;
  const critical = flag.startsWith('critical');
  return (
    <span className={classes.flag} data-flag={flag} title={word}>
      {critical && <IconAlertOctagon size={13} aria-hidden className={classes.icon} />}
      <span aria-hidden>{critical ? t`${sign} critical` : sign}</span>
      <span className={classes.spoken}>{word}</span>
    </span>
  );
}

/** How strongly the value itself is set. */
export function ValueMark({ value, flag }: { value: string; flag: Flag }) {
  return (
    <span className={classes.value} data-flag={flag}>
      {value === '' ? t`No value` : value}
    </span>
  );
}
