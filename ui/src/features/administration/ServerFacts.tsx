// How the central server and this workstation stand, fact by fact.
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { SyncView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { syncSigns } from '@/components/syncSigns';
import { clockWords, entries, linkTones, linkWords, lostWords, meaningOf, quarantineWords, type Tone } from '@/lib/syncWords';
import { useToday } from '@/lib/useToday';
import classes from './server.module.css';

export function ServerFacts({ state }: { state: SyncView }) {
  const today = useToday();
  const Sign = syncSigns[state.link];
  const { why, waiting, oldest, urgent, quarantined, lost, clockAhead, directory } = state;
  return (
    <section className={classes.part} aria-label="How they stand">
      <p className={classes.state} data-tone={linkTones[state.link]}>
        <Sign size={18} aria-hidden /> {linkWords(state, today)}
      </p>
      {why === null ? null : <p>{sentence(why)}</p>}
      {meaningOf(state) === '' ? null : <p>{meaningOf(state)}</p>}
      <dl className={classes.facts}>
        <Fact name="Server">{state.server}</Fact>
        <Fact name="Last receipt">{state.lastReceipt ?? 'None yet'}</Fact>
        <Fact name="Waiting">{waiting === 0 ? 'Nothing' : `${entries(waiting)}${oldest === null ? '' : `, the oldest of ${oldest}`}`}</Fact>
        <Fact name="Urgent among them" tone={urgent === 0 ? 'calm' : 'attention'}>
          {urgent === 0 ? 'None' : urgent === 1 ? '1 alarm or emergency access; it goes first' : `${urgent.toLocaleString('en')} alarms and emergency accesses; they go first`}
        </Fact>
        <Fact name="In quarantine" tone={quarantined === 0 ? 'calm' : 'attention'}>
          {quarantined === 0 ? 'None' : quarantineWords(quarantined)}
        </Fact>
        {lost === null ? null : (
          <Fact name="Lost at the server" tone="danger">
            {lostWords(lost)}
          </Fact>
        )}
        <Fact name="Clock" tone={clockAhead === null ? 'calm' : 'attention'}>
          {clockAhead === null ? 'As the server’s, to the minute' : clockWords(clockAhead)}
        </Fact>
        <Fact name="Directory">{directory === 0 ? 'None yet' : `Version ${directory.toLocaleString('en')}`}</Fact>
        <Fact name="Sign-in without the server" tone={state.leaseOver ? 'attention' : 'calm'}>
          {state.leaseEnds === null ? 'Not known' : state.leaseOver ? `Over since ${state.leaseEnds}` : `Until ${state.leaseEnds}`}
        </Fact>
        <Fact name="Enrolled since">{state.enrolledAt ?? 'Not known'}</Fact>
        <Fact name="Identity">
          <code className={classes.identity}>{state.enrolment}</code>
        </Fact>
        <Fact name="Certificate ends">{state.certificateExpires === null ? 'Not known' : `${state.certificateExpires}; it is renewed a month before`}</Fact>
      </dl>
    </section>
  );
}

function Fact({ name, tone = 'calm', children }: { name: string; tone?: Tone; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd data-tone={tone}>
        {tone === 'calm' ? null : <IconAlertTriangle size={14} aria-hidden />} {children}
      </dd>
    </>
  );
}
