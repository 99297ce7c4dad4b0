// Why the sign-in is closed: what the organisation requires and this workstation does not have, and the way on.
import { IconAlertTriangle } from '@tabler/icons-react';
import type { SessionView } from '@/api/types';
import { sentence } from '@/components/StateView';
import classes from './session.module.css';

export function PostureRefusal({ session }: { session: Pick<SessionView, 'refusals'> }) {
  if (session.refusals.length === 0) return null;
  return (
    <section className={classes.refusal} aria-label="Why the sign-in is closed">
      <h2>
        <IconAlertTriangle size={16} aria-hidden /> Only administrators can sign in
      </h2>
      <p>This workstation is not as your organisation requires. Tell an administrator:</p>
      <ul>
        {session.refusals.map((refusal) => (
          <li key={refusal.name}>
            <strong>{refusal.name}:</strong> {sentence(refusal.found)}
          </li>
        ))}
      </ul>
      <p>Where treatment cannot wait, a physician, nurse or pharmacist gives the reason below and signs in all the same. That is on record.</p>
    </section>
  );
}
