// The desk over the whole fleet: alarms, workstations, activity and rules of every workstation, read from the central server.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useSync } from '@/api/queries';
import type { SyncView } from '@/api/types';
import { Empty, sentence, StateView } from '@/components/StateView';
import { KeepUnder, useKept } from '@/lib/kept';
import { linkWords } from '@/lib/syncWords';
import { useToday } from '@/lib/useToday';
import { Accesses } from './Accesses';
import { Activity } from './Activity';
import { Alarms } from './Alarms';
import { Rules } from './Rules';
import { Workstations } from './Workstations';
import classes from './fleet.module.css';

const tabs = ['alarms', 'accesses', 'workstations', 'activity', 'rules'] as const;
type Tab = (typeof tabs)[number];

const tabWords: Record<Tab, string> = {
  get alarms() { return t`Alarms`; },
  get accesses() { return t`Accesses`; },
  get workstations() { return t`Workstations`; },
  get activity() { return t`Activity`; },
  get rules() { return t`Rules`; },
};

/** `decides`: whether the reader works on cases, and not only sees them. */
export function FleetPage({ decides }: { decides: boolean }) {
  const [kept, setTab] = useKept<string>('tab', 'alarms');
  // Whose chart was opened is told to privacy officers alone.
  const shown = tabs.filter((one) => decides || one !== 'accesses');
  const tab = shown.find((one) => one === kept) ?? 'alarms';
  return (
    <section className={classes.page} aria-label={t`Fleet`}>
      <h1 className={classes.heading}>{t`Fleet`}</h1>
      <p className={classes.lead}>{t`Every workstation, as the central server sees it. What is read and done here is on record, on this workstation and at the server.`}</p>
      <div className={classes.tabs} role="group" aria-label={t`What of the fleet`}>
        {shown.map((one) => (
          <button key={one} type="button" aria-pressed={tab === one} onClick={() => setTab(one)}>
            {tabWords[one]}
          </button>
        ))}
      </div>
      <InReach>
        <KeepUnder name={tab}>
          <Part tab={tab} decides={decides} />
        </KeepUnder>
      </InReach>
    </section>
  );
}

function Part({ tab, decides }: { tab: Tab; decides: boolean }) {
  switch (tab) {
    case 'alarms':
      return <Alarms decides={decides} />;
    case 'accesses':
      return <Accesses />;
    case 'workstations':
      return <Workstations />;
    case 'activity':
      return <Activity />;
    case 'rules':
      return <Rules decides={decides} />;
  }
}

/** Nobody waits for a server that is known to be away, and nobody is asked for a password in vain. */
function InReach({ children }: { children: ReactNode }) {
  const sync = useSync();
  const [despite, setDespite] = useState(false);
  return (
    <StateView read={sync} what={t`how the central server and this workstation stand`}>
      {(state) => {
        if (state.link === 'not-enrolled')
          return <Empty title={t`This workstation belongs to no fleet`} hint={t`An administrator joins the central server on the page Server. What happened on this workstation alone is under Reports, Reviews and Unusual.`} />;
        return isAway(state) && !despite ? <Away state={state} onTry={() => setDespite(true)} /> : children;
      }}
    </StateView>
  );
}

const isAway = ({ link }: SyncView) => link === 'offline' || link === 'refused';

function Away({ state, onTry }: { state: SyncView; onTry: () => void }) {
  const today = useToday();
  return (
    <Empty
      title={t`The central server is out of reach: ${linkWords(state, today)}`}
      hint={t`${state.why === null ? '' : sentence(state.why)} Nothing of the fleet is kept here, so nothing is shown. Alarms go on being raised and sent by the server; this workstation works on.`}
      action={
        <Button variant="default" size="compact-sm" onClick={onTry}>
          {t`Try all the same`}
        </Button>
      }
    />
  );
}
