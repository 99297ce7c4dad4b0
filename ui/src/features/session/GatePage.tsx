// The page before and between sessions: what this workstation is, and one form.
import { t } from '@lingui/core/macro';
import { IconShieldLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { SessionView } from '@/api/types';
import { EnvironmentBadge } from '@/components/EnvironmentBadge';
import { LanguageMenu } from '@/components/LanguageMenu';
import { SyncBar } from '@/components/SyncBar';
import { sentence } from '@/components/StateView';
import { environmentWords } from '@/lib/words';
import { WeakCustodian } from './WeakCustodian';
import classes from './session.module.css';

export function GatePage({ session, title, wide = false, children }: { session: SessionView; title: string; wide?: boolean; children: ReactNode }) {
  const words = environmentWords[session.environment];
  return (
    <div className={classes.window}>
      <main className={classes.gate}>
        <div className={classes.card} data-wide={wide || undefined}>
          <header className={classes.head}>
            <IconShieldLock size={22} aria-hidden />
            <span className={classes.product}>Vigil</span>
            <EnvironmentBadge kind={session.environment} badge={words.badge} meaning={words.meaning} />
          </header>
          {session.organization === '' ? null : <p className={classes.organization}>{session.organization}</p>}
          <h1 className={classes.title}>{title}</h1>
          {session.notice === null ? null : (
            <p role="status" className={classes.notice}>
              {sentence(session.notice)}
            </p>
          )}
          {children}
        </div>
        <footer className={classes.foot}>
          <WeakCustodian session={session} />
          <span>{t`Version ${session.version}`}</span>
          <span>{words.meaning}</span>
          <LanguageMenu />
        </footer>
      </main>
      <SyncBar quiet />
    </div>
  );
}
