// Where a user begins: what their role does here, and what they did last.
import { t } from '@lingui/core/macro';
import { useEffect, type ReactNode } from 'react';
import type { SessionView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { pageWords } from '@/lib/pages';
import { environmentWords } from '@/lib/words';
import classes from './home.module.css';

type Target = 'register' | 'fleet' | 'reviews' | 'reports' | 'rights' | 'users' | 'import' | 'backup' | 'keys' | 'suspensions' | 'audit' | 'workstation' | 'server';
type Props = { session: SessionView; onGo: (page: Target) => void; children: ReactNode };

/** How many reviews wait. */
function Waiting({ session }: { session: SessionView }) {
  const { unreviewed = 0, overdue = 0 } = session.reviews ?? {};
  if (unreviewed === 0) return null;
  return <span data-overdue={overdue > 0 || undefined}>{t`${unreviewed} not reviewed, ${overdue} overdue`}</span>;
}

export function HomePage({ session, onGo, children }: Props) {
  const { may } = session;
  const targets: Target[] = [
    // Clinicians find it beside the search; at the front desk the day begins with it.
    ...(may.registerPatients && session.user?.role === 'front-desk' ? (['register'] as const) : []),
    ...(may.overseeFleet ? (['fleet'] as const) : []),
    ...(may.reviewEmergencyAccess ? (['reviews'] as const) : []),
    ...(may.readReports ? (['reports'] as const) : []),
    ...(may.readRights ? (['rights'] as const) : []),
    ...(may.administerUsers ? (['users'] as const) : []),
    ...(may.import ? (['import'] as const) : []),
    ...(may.backUp ? (['backup'] as const) : []),
    ...(may.seeKeys ? (['keys'] as const) : []),
    ...(may.liftSuspensions ? (['suspensions'] as const) : []),
    ...(may.verifyAudit ? (['audit'] as const) : []),
    ...(may.readPosture ? (['workstation'] as const) : []),
    ...(may.joinFleet ? (['server'] as const) : []),
  ];
  useEffect(() => {
    // A clinician begins by naming a patient; a focus that the unlock brings back comes later and wins.
    if (may.searchPatients) document.getElementById('palette-search')?.focus();
  }, [may.searchPatients]);
  return (
    <div className={classes.home}>
      <h1 className={classes.title}>{session.organization === '' ? t`Home` : session.organization}</h1>
      <p className={classes.meaning}>
        {t`${environmentWords[session.environment].meaning}. Signed in since ${moment(session.signedInAt ?? t`not known`)}. Locks after ${session.idleLockMinutes} minutes without input.`}
      </p>
      {targets.length === 0 ? null : (
        <ul className={classes.actions} aria-label={t`What you can do here`}>
          {targets.map((target, index) => (
            <li key={target}>
              <button type="button" autoFocus={index === 0 && !may.searchPatients} onClick={() => onGo(target)}>
                <strong>{pageWords[target].label}</strong>
                <span className="quiet">{pageWords[target].does}</span>
                {target === 'reviews' ? <Waiting session={session} /> : null}
                {target === 'suspensions' && (session.suspendedAccounts ?? 0) > 0 ? <span data-overdue>{t`${session.suspendedAccounts ?? 0} suspended`}</span> : null}
              </button>
            </li>
          ))}
        </ul>
      )}
      {children}
    </div>
  );
}
