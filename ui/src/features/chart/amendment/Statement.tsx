// Somebody's words with whose they are and of when.
import { t } from '@lingui/core/macro';
import { useId } from 'react';
import classes from './amendment.module.css';

export function Statement({ label, text, lead = '' }: { label: string; text: string | null; lead?: string }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.statement}>
      <h3 id={id} className={classes.label}>
        {label}
      </h3>
      {lead === '' ? null : <p className={classes.lead}>{lead}</p>}
      {text === null ? <p className={classes.hidden}>{t`Its words are not shown to your role.`}</p> : <p className={classes.words}>{text}</p>}
    </section>
  );
}
