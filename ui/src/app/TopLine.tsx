// The top line: which kind of installation, the search, how things stand, who is signed in, the lock.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { SessionView } from '@/api/types';
import { EnvironmentBadge } from '@/components/EnvironmentBadge';
import { sentence } from '@/components/StateView';
import { SearchPalette, type Command } from '@/features/patient/SearchPalette';
import { atRow } from '@/features/chart/row';
import { WeakCustodian } from '@/features/session/WeakCustodian';
import { failureOf } from '@/api/client';
import { environmentWords, roleWords } from '@/lib/words';
import type { Spot } from './place';
import classes from './frame.module.css';

type Props = {
  session: SessionView;
  seconds: number | null;
  commands: Command[];
  /** The patient whose chart stands on the screen. */
  chart: string | null;
  onOpen: (patientId: string, spot?: Spot) => void;
  onLock: () => void;
  problem: unknown;
};

export function TopLine({ session, seconds, commands, chart, onOpen, onLock, problem }: Props) {
  const words = environmentWords[session.environment];
  return (
    <header className={classes.top}>
      <EnvironmentBadge kind={session.environment} badge={words.badge} meaning={words.meaning} />
      <SearchPalette
        commands={commands}
        searchPatients={session.may.searchPatients}
        chart={session.may.sections.includes('summary') ? chart : null}
        onOpen={(row) => onOpen(row.patientId)}
        onHit={(patientId, hit) => onOpen(patientId, atRow(hit))}
      />
      <div className={classes.status}>
        {problem === null ? null : (
          <span role="alert" className={classes.problem}>
            {sentence(failureOf(problem).message)}
          </span>
        )}
        {seconds === null ? null : <span className={classes.soon}>{t`Locks in ${seconds} s`}</span>}
        <WeakCustodian session={session} />
      </div>
      {session.user === null ? null : (
        <span className={classes.user}>
          <strong>{session.user.displayName}</strong>, {roleWords[session.user.role]}
        </span>
      )}
      <Button variant="default" leftSection={<IconLock size={16} aria-hidden />} onClick={onLock} aria-keyshortcuts="Control+L" title={t`Lock (Ctrl+L)`}>
        {t`Lock`}
      </Button>
    </header>
  );
}
