// Destroying a record, or one entry of it, for good: one person asks, another one agrees, and what became of it stays on record.
import { plural, t } from '@lingui/core/macro';
import { Badge, Button } from '@mantine/core';
import { useState } from 'react';
import { useDestructions } from '@/api/queries';
import type { DestructionListView, DestructionRow } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { destructionReasonWords, destructionStageWords } from '@/lib/words';
import { Ask } from './Ask';
import { Decide } from './Decide';
import classes from './destruction.module.css';

export function DestructionPage() {
  const list = useDestructions();
  const [asking, setAsking] = useState(false);
  return (
    <section className={classes.page} aria-label={t`Destruction`}>
      <h1 className={classes.heading}>{t`Destruction`}</h1>
      <p className={classes.lead}>
        {t`A record, or one entry of it, can be destroyed for good: its keys, its contents and their former versions. One administrator or privacy officer asks, another one agrees. The audit log stays whole.`}
      </p>
      <div className={classes.actions}>
        <Button variant="default" aria-expanded={asking} onClick={() => setAsking(!asking)}>
          {asking ? t`Do not ask` : t`Ask for a destruction`}
        </Button>
      </div>
      {asking ? <Ask onDone={() => setAsking(false)} /> : null}
      <StateView
        read={list}
        what={t`the requests`}
        isEmpty={(view) => view.rows.length === 0}
        empty={<Empty title={t`Nobody has asked for a destruction`} hint={t`Each request appears here, and what became of it.`} />}
      >
        {(view) => <Requests view={view} />}
      </StateView>
    </section>
  );
}

function Requests({ view }: { view: DestructionListView }) {
  // The first that waits for this person; it stays in view when it was decided.
  const [picked, setPicked] = useState(() => (view.rows.find((row) => row.stage === 'waiting' && !row.own) ?? view.rows[0])?.id);
  const row = view.rows.find((one) => one.id === picked) ?? view.rows[0];
  const waiting = view.rows.filter((one) => one.stage === 'waiting').length;
  return (
    <>
      <p role="status" className={classes.counts}>
        {waiting === 0 ? t`No request waits.` : t`${plural(waiting, { one: '# request waits', other: '# requests wait' })} for a second person, at most ${view.hours} hours.`}
      </p>
      <div className={classes.columns}>
        <ul className={classes.list} aria-label={t`Requests, newest first`}>
          {view.rows.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one.id === row?.id} onClick={() => setPicked(one.id)}>
                <span className={classes.line}>
                  <strong>{one.resource ?? t`Whole record`}</strong>
                  <Badge variant="light" color={one.stage === 'waiting' ? 'blue' : 'gray'}>
                    {destructionStageWords[one.stage]}
                  </Badge>
                </span>
                <span className={classes.whose}>{one.patient ?? one.patientId}</span>
                <span className="quiet">{`${moment(one.requested)}, ${one.requestedBy}`}</span>
              </button>
            </li>
          ))}
        </ul>
        {row === undefined ? null : <Request key={row.id} row={row} />}
      </div>
    </>
  );
}

function Request({ row }: { row: DestructionRow }) {
  return (
    <article className={classes.request} aria-label={t`Request ${row.id}`}>
      <dl className={classes.facts}>
        <dt>{t`What`}</dt>
        <dd>{row.resource === null ? t`The whole record (${row.resources} entries now)` : row.resources === 0 ? t`${row.resource} (not there any more)` : row.resource}</dd>
        <dt>{t`Whose`}</dt>
        <dd>
          {row.patient === null ? null : <>{row.patient} </>}
          <span className={classes.id}>{row.patientId}</span>
        </dd>
        <dt>{t`Why`}</dt>
        <dd>{destructionReasonWords[row.reason]}</dd>
        <dt>{t`In their words`}</dt>
        <dd className={classes.words}>{row.words}</dd>
        <dt>{t`Asked`}</dt>
        <dd>{t`${moment(row.requested)} by ${row.requestedBy}`}</dd>
        <Became row={row} />
      </dl>
      {row.stage === 'waiting' ? <Decide row={row} /> : null}
    </article>
  );
}

function Became({ row }: { row: DestructionRow }) {
  if (row.stage === 'waiting' || row.stage === 'lapsed')
    return (
      <>
        <dt>{row.stage === 'waiting' ? t`Waits until` : t`Nobody agreed until`}</dt>
        <dd>{moment(row.expires)}</dd>
      </>
    );
  return (
    <>
      <dt>{row.stage === 'withdrawn' ? t`Withdrawn` : t`Agreed`}</dt>
      <dd>{t`${moment(row.decided ?? t`at a time that is not known`)} by ${row.decidedBy ?? t`somebody who is not known here`}`}</dd>
      {row.stage === 'withdrawn' ? null : (
        <>
          <dt>{t`Destroyed`}</dt>
          <dd>{moment(row.destroyed ?? t`At the next start at the latest`)}</dd>
        </>
      )}
    </>
  );
}
