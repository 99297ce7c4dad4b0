// The line at the foot of the window: whether the central server is there, what waits for it, and what somebody has to see to.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSync } from '@/api/queries';
import type { SyncView } from '@/api/types';
import { linkTones, linkWords, meaningOf, queueWords, receiptWords, troubles, type Trouble } from '@/lib/syncWords';
import { useToday } from '@/lib/useToday';
import { syncSigns } from './syncSigns';
import classes from './SyncBar.module.css';

type Props = {
  /** Before and between sessions: the link and what waits, and nothing to do. */
  quiet?: boolean;
  /** Goes to the page of the server: only who can act there has it. */
  onServer?: () => void;
  /** That page is shown already. */
  atServer?: boolean;
};

export function SyncBar({ quiet = false, onServer, atServer = false }: Props) {
  const sync = useSync();
  if (sync.isError) {
    return (
      <footer className={classes.bar} aria-label={t`Central server`} data-tone="attention">
        <p role="status" className={classes.link}>
          <IconAlertTriangle size={16} aria-hidden /> {t`How the central server stands could not be read`}
        </p>
      </footer>
    );
  }
  // Where there is no server, only who can change that is told.
  if (sync.data === undefined || (sync.data.link === 'not-enrolled' && onServer === undefined)) return null;
  return <Bar state={sync.data} quiet={quiet} atServer={atServer} {...(onServer === undefined ? {} : { onServer })} />;
}

function Bar({ state, quiet, onServer, atServer }: Props & { state: SyncView }) {
  const today = useToday();
  const { link } = state;
  const Sign = syncSigns[link];
  const enrolled = link !== 'not-enrolled';
  const found = quiet ? [] : [...(onServer === undefined ? [] : reason(state)), ...troubles(state)];
  const toAct = onServer !== undefined && (!enrolled || linkTones[link] !== 'calm' || found.length > 0);
  return (
    <footer className={classes.bar} aria-label={t`Central server`} data-tone={linkTones[link]} data-act={toAct || undefined}>
      {/* Only a change of the link is read out: a count that grows with every entry would never be silent. */}
      <p role="status" className={classes.link}>
        <Sign size={16} aria-hidden />
        <span>
          {enrolled ? <span className="visually-hidden">{t`Central server:`} </span> : null}
          {linkWords(state, today)}
        </span>
      </p>
      <p className={classes.queue}>
        {enrolled ? `${queueWords(state, today)}. ` : ''}
        {meaningOf(state)}
      </p>
      <div className={classes.end}>
        {enrolled && !quiet ? <span>{receiptWords(state, today)}</span> : null}
        {toAct && !atServer ? (
          <Button variant="default" size="compact-sm" className={classes.act} onClick={onServer}>
            {t`Server page`}
          </Button>
        ) : null}
      </div>
      {found.length === 0 ? null : (
        <ul className={classes.troubles} aria-label={t`To see to`}>
          {found.map((one) => (
            <li key={one.words} data-tone={one.tone}>
              <IconAlertTriangle size={14} aria-hidden /> {one.words}
            </li>
          ))}
        </ul>
      )}
    </footer>
  );
}

/** Why there is no connection, where somebody has to act. */
function reason({ link, why }: SyncView): Trouble[] {
  return why !== null && (link === 'refused' || link === 'conflict') ? [{ tone: linkTones[link], words: why }] : [];
}
