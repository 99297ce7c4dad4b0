// The lists of an incident: its events, the patients, what was done about it, what was sent.
import { plural, t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { IncidentEventRow, IncidentView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import { basisLabel, deliveryLabel, stepLabel } from './caseWords';
import classes from './fleet.module.css';

export function Events({ view }: { view: IncidentView }) {
  if (view.events.length === 0) return null;
  const people = new Set(view.events.map((event) => event.who)).size > 1;
  return <EventTable title={t`Events`} events={view.events.toReversed()} people={people} />;
}

/** Entries of the logs, newest first. */
export function EventTable({ title, level = 'h3', events, people }: { title: string; level?: Level; events: IncidentEventRow[]; people: boolean }) {
  const patients = events.some((event) => event.patientId !== null);
  return (
    <Part title={title} level={level} count={events.length}>
      <thead>
        <tr>
          <th scope="col">{t`When`}</th>
          {people ? <th scope="col">{t`Who`}</th> : null}
          <th scope="col">{t`What`}</th>
          {patients ? <th scope="col">{t`Patient`}</th> : null}
          <th scope="col">{t`Explained by`}</th>
          <th scope="col">{t`Purpose`}</th>
          <th scope="col">{t`Outcome`}</th>
          <th scope="col">{t`At`}</th>
          <th scope="col">{t`Entry`}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={`${event.log} ${event.sequence} ${event.patientId ?? ''}`}>
            <th scope="row" className={classes.time}>{moment(event.at)}</th>
            {people ? <td>{event.who ?? t`nobody signed in`}</td> : null}
            <td lang="en">{event.what}</td>
            {patients ? <td>{event.patient ?? event.patientId ?? ''}</td> : null}
            <td data-bad={event.basis === 'none' || undefined}>{event.basis === null ? t`not said` : basisLabel(event.basis)}</td>
            <td lang="en">{event.purpose}</td>
            <td lang="en">{event.outcome}</td>
            <td>{event.host}</td>
            <td className={classes.number}>{event.sequence}</td>
          </tr>
        ))}
      </tbody>
    </Part>
  );
}

/** Every affected patient: whom the notices of a breach go to. */
export function Patients({ view }: { view: IncidentView }) {
  if (view.patients.length === 0) return <p className="quiet">{t`No patient is affected.`}</p>;
  const unknown = view.patients.filter((patient) => patient.patient === null).length;
  return (
    <>
      <Part title={t`Affected patients`} count={view.patients.length}>
        <thead>
          <tr>
            <th scope="col">{t`Patient`}</th>
            <th scope="col">{t`Id`}</th>
            <th scope="col" className={classes.number}>{t`Events`}</th>
          </tr>
        </thead>
        <tbody>
          {view.patients.map((patient) => (
            <tr key={patient.patientId}>
              <th scope="row">{patient.patient ?? t`Not in the directory of this workstation`}</th>
              <td className={classes.id}>{patient.patientId}</td>
              <td className={classes.number}>{number(patient.events)}</td>
            </tr>
          ))}
        </tbody>
      </Part>
      {unknown === 0 ? null : <p className="quiet">{plural(unknown, { one: '# patient is not known at this workstation: the id is the one of the audit log.', other: '# patients are not known at this workstation: the ids are those of the audit log.' })}</p>}
    </>
  );
}

export function History({ view }: { view: IncidentView }) {
  return (
    <section aria-label={t`What was done`}>
      <h3 className={classes.subheading}>{t`What was done`}</h3>
      <ol className={classes.history}>
        {view.history.map((step, at) => (
          <li key={`${step.at} ${step.what} ${at}`}>
            <span className="quiet">{moment(step.at)}</span> <strong>{stepLabel(step.what)}</strong> {step.by === null ? t`by the server` : t`by ${step.by}`}
            {step.words === null ? null : <blockquote className={classes.words}>{step.words}</blockquote>}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Deliveries({ view }: { view: IncidentView }) {
  if (view.deliveries.length === 0) return <p className="quiet">{t`No channel of the server was told of it.`}</p>;
  return (
    <Part title={t`Who was told`} count={view.deliveries.length}>
      <thead>
        <tr>
          <th scope="col">{t`Channel`}</th>
          <th scope="col">{t`Of what`}</th>
          <th scope="col">{t`State`}</th>
          <th scope="col" className={classes.number}>{t`Tries`}</th>
          <th scope="col">{t`When`}</th>
          <th scope="col">{t`What went wrong`}</th>
        </tr>
      </thead>
      <tbody>
        {view.deliveries.map((one) => (
          <tr key={`${one.channel} ${one.event} ${one.at}`}>
            <th scope="row">{one.channel}</th>
            <td>{stepLabel(one.event)}</td>
            <td data-bad={one.state === 'failed' || undefined}>{deliveryLabel(one.state)}</td>
            <td className={classes.number}>{one.attempts}</td>
            <td>{one.state === 'waiting' ? t`next try ${moment(one.at)}` : moment(one.at)}</td>
            <td lang="en">{one.error ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </Part>
  );
}

/** A table with its heading; a long one scrolls by itself, and by keyboard. */
/** A part of a case, or of a page. */
type Level = 'h2' | 'h3';

function Part({ title, level: Heading = 'h3', count, children }: { title: string; level?: Level; count: number; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Heading className={classes.subheading}>
        {title} <span className="quiet">{number(count)}</span>
      </Heading>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroller} tabIndex={0} role="region" aria-label={t`List: ${title}`}>
        <table className={classes.table}>{children}</table>
      </div>
    </section>
  );
}
