// The alarms of the fleet: the gravest that nobody has closed first, and the one that is looked at beside them.
import { plural, t } from '@lingui/core/macro';
import { IconClockExclamation, IconUserOff } from '@tabler/icons-react';
import { useIncidents } from '@/api/fleet';
import type { IncidentListView, IncidentRow, IncidentStage } from '@/api/types';
import { Empty } from '@/components/StateView';
import { useRowKeys } from '@/components/useRowKeys';
import { useKept } from '@/lib/kept';
import { aboutWords, ageWords, clockWords, gravityWords, stageWords } from './caseWords';
import { Desk, LookAgain } from './Desk';
import { IncidentDetail } from './IncidentDetail';
import { ruleLabel } from './ruleWords';
import classes from './fleet.module.css';

const stages: { stage: IncidentStage | null; label: (list: IncidentListView | undefined) => string }[] = [
  { stage: null, label: () => t`All` },
  { stage: 'open', label: (list) => withCount(t({ message: 'Open', context: 'stage of an incident' }), list?.open) },
  { stage: 'acknowledged', label: (list) => withCount(t({ message: 'Acknowledged', context: 'stage of an incident' }), list?.acknowledged) },
  { stage: 'closed', label: (list) => withCount(t({ message: 'Closed', context: 'stage of an incident' }), list?.closed) },
];

const withCount = (label: string, count: number | undefined) => (count === undefined ? label : `${label} ${count}`);

export function Alarms({ decides }: { decides: boolean }) {
  const [kept, setKept] = useKept<string>('stage', '');
  const stage = stages.find((one) => one.stage === kept)?.stage ?? null;
  const list = useIncidents(stage);
  return (
    <>
      <div className={classes.bar}>
        <div className={classes.choice} role="group" aria-label={t`Which alarms`}>
          {stages.map((one) => (
            <button key={one.stage ?? 'all'} type="button" aria-pressed={stage === one.stage} onClick={() => setKept(one.stage ?? '')}>
              {one.label(list.data)}
            </button>
          ))}
        </div>
        {list.data === undefined ? null : <LookAgain read={list} words={t`New alarms come with the next look.`} />}
      </div>
      <Desk
        read={list}
        what={t`the alarms of the fleet`}
        isEmpty={(view) => view.rows.length === 0}
        empty={stage === null ? <Empty title={t`No alarm was raised so far`} hint={t`One appears here as soon as a rule of the server finds something.`} /> : <Empty title={t`No alarm stands like this`} hint={t`Choose All to see the others.`} />}
      >
        {(view) => <Queue view={view} decides={decides} />}
      </Desk>
    </>
  );
}

function Queue({ view, decides }: { view: IncidentListView; decides: boolean }) {
  const [picked, setPicked] = useKept<number | null>('picked', null);
  const row = view.rows.find((one) => one.id === picked) ?? view.rows[0];
  const urgent = view.rows.filter((one) => one.stage === 'open' && gravityWords[one.gravity].tone === 'danger').length;
  const keys = useRowKeys();
  return (
    <>
      <p role="status" className={classes.counts} data-urgent={urgent > 0 || undefined}>
        {urgent > 0 ? plural(urgent, { one: '# grave alarm that nobody has acknowledged', other: '# grave alarms that nobody has acknowledged' }) : plural(view.open, { 0: 'No alarm waits', one: '# alarm is open', other: '# alarms are open' })}
      </p>
      <div className={classes.columns}>
        <ul className={classes.list} aria-label={t`Alarms, the gravest first`}>
          {view.rows.map((one) => (
            <li key={one.id}>
              <button type="button" data-row aria-pressed={one.id === row?.id} onKeyDown={keys} onClick={() => setPicked(one.id)}>
                <Line row={one} />
              </button>
            </li>
          ))}
        </ul>
        {row === undefined ? null : <IncidentDetail key={row.id} id={row.id} decides={decides} />}
      </div>
    </>
  );
}

function Line({ row }: { row: IncidentRow }) {
  const { word, sign: Sign, tone } = gravityWords[row.gravity];
  const Stands = stageWords[row.stage].sign;
  return (
    <>
      <span className={classes.line}>
        <span className={classes.mark} data-tone={tone}>
          <Sign size={14} aria-hidden /> {word}
        </span>
        <span className={classes.mark}>
          <Stands size={14} aria-hidden /> {stageWords[row.stage].word}
        </span>
      </span>
      <strong>{aboutWords(row.subject)}</strong>
      <span>{ruleLabel(row.rule)}</span>
      <span className="quiet">
        {t`No. ${row.id}, ${ageWords(row.ageMinutes)}`}
        {row.assigned === null ? '' : `, ${row.assigned.who}`}
      </span>
      {row.suspended ? (
        <span className={classes.mark} data-tone="attention">
          <IconUserOff size={14} aria-hidden /> {t`Suspended on every workstation`}
        </span>
      ) : null}
      {row.notifyDays === null ? null : (
        <span className={classes.mark} data-tone={row.notifyDays < 14 ? 'danger' : 'attention'}>
          <IconClockExclamation size={14} aria-hidden /> {t`Breach: ${clockWords(row.notifyDays)}`}
        </span>
      )}
    </>
  );
}
