// How the central server and this workstation stand, fact by fact.
import { plural, t } from '@lingui/core/macro';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { SyncView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { syncSigns } from '@/components/syncSigns';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import { clockWords, entries, linkTones, linkWords, lostWords, meaningOf, quarantineWords, type Tone } from '@/lib/syncWords';
import { useToday } from '@/lib/useToday';
import classes from './server.module.css';

export function ServerFacts({ state }: { state: SyncView }) {
  const today = useToday();
  const Sign = syncSigns[state.link];
  const { why, waiting, oldest, urgent, quarantined, lost, clockAhead, directory } = state;
  return (
    <section className={classes.part} aria-label={t`How they stand`}>
      <p className={classes.state} data-tone={linkTones[state.link]}>
        <Sign size={18} aria-hidden /> {linkWords(state, today)}
      </p>
      {why === null ? null : <p>{sentence(why)}</p>}
      {meaningOf(state) === '' ? null : <p>{meaningOf(state)}</p>}
      <dl className={classes.facts}>
        <Fact name={t`Server`}>{state.server}</Fact>
        <Fact name={t`Last receipt`}>{moment(state.lastReceipt ?? t`None yet`)}</Fact>
        <Fact name={t`Waiting`}>{waiting === 0 ? t`Nothing` : oldest === null ? entries(waiting) : t`${entries(waiting)}, the oldest of ${moment(oldest)}`}</Fact>
        <Fact name={t`Urgent among them`} tone={urgent === 0 ? 'calm' : 'attention'}>
          {urgent === 0 ? t`None` : plural(urgent, { one: '1 alarm or emergency access; it goes first', other: '# alarms and emergency accesses; they go first' })}
        </Fact>
        <Fact name={t`In quarantine`} tone={quarantined === 0 ? 'calm' : 'attention'}>
          {quarantined === 0 ? t`None` : quarantineWords(quarantined)}
        </Fact>
        {lost === null ? null : (
          <Fact name={t`Lost at the server`} tone="danger">
            {lostWords(lost)}
          </Fact>
        )}
        <Fact name={t`Clock`} tone={clockAhead === null ? 'calm' : 'attention'}>
          {clockAhead === null ? t`As the server’s, to the minute` : clockWords(clockAhead)}
        </Fact>
        <Fact name={t`Directory`}>{directory === 0 ? t`None yet` : t`Version ${number(directory)}`}</Fact>
        <Fact name={t`Sign-in without the server`} tone={state.leaseOver ? 'attention' : 'calm'}>
          {state.leaseEnds === null ? t`Not known` : state.leaseOver ? t`Over since ${moment(state.leaseEnds)}` : t`Until ${moment(state.leaseEnds)}`}
        </Fact>
        <Fact name={t`Enrolled since`}>{moment(state.enrolledAt ?? t`Not known`)}</Fact>
        <Fact name={t`Identity`}>
          <code className={classes.identity}>{state.enrolment}</code>
        </Fact>
        <Fact name={t`Certificate ends`}>{state.certificateExpires === null ? t`Not known` : t`${moment(state.certificateExpires)}; it is renewed a month before`}</Fact>
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
