// Why the sign-in is closed: what the organisation requires and this workstation does not have, and the way on.
import { t } from '@lingui/core/macro';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { SessionView } from '@/api/types';
import { sentence } from '@/components/StateView';
import classes from './session.module.css';

export function PostureRefusal({ session }: { session: Pick<SessionView, 'refusals'> }) {
  if (session.refusals.length === 0) return null;
  return (
    <section className={classes.refusal} aria-label={t`Why the sign-in is closed`}>
      <h2>
        <IconAlertTriangle size={16} aria-hidden /> {t`Only administrators can sign in`}
      </h2>
      <p>{t`This workstation is not as your organisation requires. Tell an administrator:`}</p>
      <ul>
        {session.refusals.map((refusal) => (
          <li key={refusal.name}>
            <strong>{refusal.name}:</strong> {sentence(refusal.found)}
          </li>
        ))}
      </ul>
      <p>{t`Where treatment cannot wait, a physician, nurse or pharmacist gives the reason below and signs in all the same. That is on record.`}</p>
    </section>
  );
}
