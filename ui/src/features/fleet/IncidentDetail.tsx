// One alarm with everything that belongs to it: the figures, the course, the events, who is affected, what was done, and what can be done.
import { t } from '@lingui/core/macro';
import { IconClockExclamation, IconUserOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useIncident } from '@/api/fleet';
import type { IncidentRow, IncidentView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import { Assessment } from './case/Assessment';
import { CaseActs } from './case/CaseActs';
import { aboutWords, caseName, clockWords, findingWords, gravityWords, stageWords } from './caseWords';
import { Course } from './Course';
import { Desk } from './Desk';
import { Deliveries, Events, History, Patients } from './IncidentTables';
import { figureWords, ruleLabel } from './ruleWords';
import classes from './fleet.module.css';

export function IncidentDetail({ id, decides }: { id: number; decides: boolean }) {
  const read = useIncident(id);
  return (
    <Desk read={read} what={t`the incident ${id}`}>
      {(view) => <Incident view={view} decides={decides} />}
    </Desk>
  );
}

function Incident({ view, decides }: { view: IncidentView; decides: boolean }) {
  const { row } = view;
  return (
    <article className={classes.incident} aria-label={t`Alarm: ${caseName(row)}`}>
      <h2 className={classes.title}>{ruleLabel(row.rule)}</h2>
      <p className={classes.figure}>
        <strong>{aboutWords(row.subject)}</strong>: {figureWords(row.rule, row.figures)}
      </p>
      <Facts row={row} />
      <CaseActs view={view} decides={decides} />
      <Course view={view} />
      <Events view={view} />
      {decides ? <Patients view={view} /> : null}
      {decides ? <Assessment view={view} /> : null}
      <History view={view} />
      <Deliveries view={view} />
      {decides ? null : <p className="quiet">{t`The server shows an administrator no patients and no words of a case: they are for a privacy officer.`}</p>}
    </article>
  );
}

function Facts({ row }: { row: IncidentRow }) {
  const { word, sign: Sign, tone } = gravityWords[row.gravity];
  const Stands = stageWords[row.stage].sign;
  return (
    <dl className={classes.facts}>
      <Fact name={t`Gravity`}>
        <span className={classes.mark} data-tone={tone}>
          <Sign size={14} aria-hidden /> {word}
        </span>
      </Fact>
      <Fact name={t`Stands`}>
        <span className={classes.mark}>
          <Stands size={14} aria-hidden /> {stageWords[row.stage].word}
        </span>
        {row.finding === null ? null : `: ${findingWords[row.finding]}`}
      </Fact>
      <Fact name={t`Raised`}>
        {moment(row.opened)}, {t`by the rule ${row.rule}, version ${row.rulesVersion}`}
      </Fact>
      <Fact name={t`Events`}>{t`${number(row.events)}, the newest ${moment(row.newest)}`}</Fact>
      <Fact name={t`Looked after by`}>{row.assigned?.who ?? t`nobody yet`}</Fact>
      {row.level === 0 ? null : <Fact name={t`Escalated`}>{t`to level ${row.level}`}</Fact>}
      {row.suspended ? (
        <Fact name={t`Account`}>
          <span className={classes.mark} data-tone="attention">
            <IconUserOff size={14} aria-hidden /> {t`Suspended on every workstation; in an emergency a chart opens all the same`}
          </span>
        </Fact>
      ) : null}
      {row.notifyBy === null || row.notifyDays === null ? null : (
        <Fact name={t`Notices of the breach`}>
          <span className={classes.mark} data-tone={row.notifyDays < 14 ? 'danger' : 'attention'}>
            <IconClockExclamation size={14} aria-hidden /> {t`by ${moment(row.notifyBy)}: ${clockWords(row.notifyDays)} (45 CFR 164.404 to 164.408)`}
          </span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
