// That values are not held against the ranges of this hospital, where somebody reads values.
import { IconInfoCircle } from '@tabler/icons-react';
import classes from './Results.module.css';

export function Unloaded({ words }: { words: string }) {
  if (words === '') return null;
  return (
    <p role="note" className={classes.unloaded}>
      <IconInfoCircle size={14} aria-hidden />
      <span>{words}</span>
    </p>
  );
}
