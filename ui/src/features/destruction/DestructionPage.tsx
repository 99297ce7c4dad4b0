// Destroying a record, or one entry of it, for good: one person asks, another one agrees, and what became of it stays on record.
import { Badge, Button } from '@mantine/core';
import { useState } from 'react';
import { useDestructions } from '@/api/queries';
import type { DestructionListView, DestructionRow } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { destructionReasonWords, destructionStageWords } from '@/lib/words';
import { Ask } from './Ask';
import { Decide } from './Decide';
import classes from './destruction.module.css';

export function DestructionPage() {
  const list = useDestructions();
  const [asking, setAsking] = useState(false);
  return (
    <section className={classes.page} aria-label="Destruction">
      <h1 className={classes.heading}>Destruction</h1>
      <p className={classes.lead}>
        A record, or one entry of it, can be destroyed for good: its keys, its contents and their former versions. One administrator or
        privacy officer asks, another one agrees. The audit log stays whole.
      </p>
      <div className={classes.actions}>
        <Button variant="default" aria-expanded={asking} onClick={() => setAsking(!asking)}>
          {asking ? 'Do not ask' : 'Ask for a destruction'}
        </Button>
      </div>
      {asking ? <Ask onDone={() => setAsking(false)} /> : null}
      <StateView
        read={list}
        what="the requests"
        isEmpty={(view) => view.rows.length === 0}
        empty={<Empty title="Nobody has asked for a destruction" hint="Each request appears here, and what became of it." />}
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
        {waiting === 0 ? 'No request waits.' : `${waiting} ${waiting === 1 ? 'request waits' : 'requests wait'} for a second person, at most ${view.hours} hours.`}
      </p>
      <div className={classes.columns}>
        <ul className={classes.list} aria-label="Requests, newest first">
          {view.rows.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one.id === row?.id} onClick={() => setPicked(one.id)}>
                <span className={classes.line}>
                  <strong>{one.resource ?? 'Whole record'}</strong>
                  <Badge variant="light" color={one.stage === 'waiting' ? 'blue' : 'gray'}>
                    {destructionStageWords[one.stage]}
                  </Badge>
                </span>
                <span className={classes.whose}>{one.patient ?? one.patientId}</span>
                <span className="quiet">{`${one.requested}, ${one.requestedBy}`}</span>
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
    <article className={classes.request} aria-label={`Request ${row.id}`}>
      <dl className={classes.facts}>
        <dt>What</dt>
        <dd>{row.resource === null ? `The whole record (${row.resources} entries now)` : `${row.resource}${row.resources === 0 ? ' (not there any more)' : ''}`}</dd>
        <dt>Whose</dt>
        <dd>
          {row.patient === null ? null : <>{row.patient} </>}
          <span className={classes.id}>{row.patientId}</span>
        </dd>
        <dt>Why</dt>
        <dd>{destructionReasonWords[row.reason]}</dd>
        <dt>In their words</dt>
        <dd className={classes.words}>{row.words}</dd>
        <dt>Asked</dt>
        <dd>{`${row.requested} by ${row.requestedBy}`}</dd>
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
        <dt>{row.stage === 'waiting' ? 'Waits until' : 'Nobody agreed until'}</dt>
        <dd>{row.expires}</dd>
      </>
    );
  return (
    <>
      <dt>{row.stage === 'withdrawn' ? 'Withdrawn' : 'Agreed'}</dt>
      <dd>{`${row.decided ?? 'at a time that is not known'} by ${row.decidedBy ?? 'somebody who is not known here'}`}</dd>
      {row.stage === 'withdrawn' ? null : (
        <>
          <dt>Destroyed</dt>
          <dd>{row.destroyed ?? 'At the next start at the latest'}</dd>
        </>
      )}
    </>
  );
}
