// Whose account is suspended on this workstation over unusual access: the numbers, the day before, and the lift.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Badge, Button, Textarea } from '@mantine/core';
import { IconUserExclamation } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useSuspensionLift } from '@/api/mutations';
import { useSuspensions } from '@/api/queries';
import type { SuspensionListView, SuspensionRow } from '@/api/types';
import { Empty, sentence, StateView } from '@/components/StateView';
import { field, focusField } from '@/lib/form';
import { moment } from '@/lib/language/moment';
import { HoursBefore } from './HoursBefore';
import classes from './SuspensionsPage.module.css';

const shortest = 10;

export function SuspensionsPage() {
  const list = useSuspensions();
  return (
    <section className={classes.page} aria-label={t`Unusual access`}>
      <h1 className={classes.heading}>{t`Unusual access`}</h1>
      <p className={classes.lead}>
        {t`Accounts that were suspended on this workstation because far more charts were opened within an hour than is usual for the user and their role, or by the central server on every workstation. In an emergency their users still open a chart. Nobody lifts their own suspension.`}
      </p>
      <StateView
        read={list}
        what={t`the suspended accounts`}
        isEmpty={(view) => view.rows.length === 0}
        empty={<Empty title={t`No account was suspended so far`} hint={t`One appears here as soon as it happens.`} />}
      >
        {(view) => <Queue view={view} />}
      </StateView>
    </section>
  );
}

function Queue({ view }: { view: SuspensionListView }) {
  const [picked, setPicked] = useState<number | null>(null);
  const row = view.rows.find((one) => one.id === picked) ?? view.rows[0];
  return (
    <>
      <p role="status" className={classes.counts} data-urgent={view.open > 0 || undefined}>
        {view.open === 0 ? t`No account is suspended now.` : view.open === 1 ? t`1 account is suspended.` : t`${view.open} accounts are suspended.`}
      </p>
      <div className={classes.columns}>
        <ul className={classes.list} aria-label={t`Suspensions, open ones first`}>
          {view.rows.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one.id === row?.id} onClick={() => setPicked(one.id)}>
                <span className={classes.line}>
                  <strong>{one.who}</strong>
                  {one.lift === null ? (
                    <span className={classes.open}>
                      <IconUserExclamation size={14} aria-hidden /> {t`Suspended`}
                    </span>
                  ) : (
                    <Badge variant="light" color="gray">
                      {t`Lifted`}
                    </Badge>
                  )}
                </span>
                <span className="quiet">{one.incident === null ? t`${moment(one.since)}, ${one.asked} charts where ${one.usual} are usual` : t`${moment(one.since)}, on every workstation: incident ${one.incident}`}</span>
              </button>
            </li>
          ))}
        </ul>
        {row === undefined ? null : <Incident key={row.id} row={row} />}
      </div>
    </>
  );
}

function Incident({ row }: { row: SuspensionRow }) {
  return (
    <article className={classes.incident} aria-label={t`Suspension of ${row.who}`}>
      <dl className={classes.facts}>
        <dt>{t`Who`}</dt>
        <dd>{row.who}</dd>
        <dt>{t`Suspended since`}</dt>
        <dd>{moment(row.since)}</dd>
        {row.incident === null ? <Numbers row={row} /> : <ByServer incident={row.incident} />}
      </dl>
      {row.incident === null ? (
        <>
          <h2 className={classes.subheading}>{t`The 24 hours before`}</h2>
          <HoursBefore row={row} />
        </>
      ) : null}
      {row.lift === null ? <Lift row={row} /> : <Lifted row={row} />}
    </article>
  );
}

/** What this workstation counted itself. */
function Numbers({ row }: { row: SuspensionRow }) {
  return (
    <>
      <dt>{t`Within 60 minutes`}</dt>
      <dd>{t`${row.opened} patients, ${row.asked} with those that were refused`}</dd>
      <dt>{t`Usual in an hour`}</dt>
      <dd>{row.usual}</dd>
      <dt>{t`Allowed without a password`}</dt>
      <dd>{row.allowed}</dd>
    </>
  );
}

/** What every workstation does: why, the server knows. */
function ByServer({ incident }: { incident: string }) {
  return (
    <>
      <dt>{t`Suspended by`}</dt>
      <dd>{t`the central server, on every workstation, over incident ${incident}: its numbers are on the page Fleet`}</dd>
    </>
  );
}

function Lifted({ row }: { row: SuspensionRow }) {
  if (row.lift === null) return null;
  return (
    <>
      <h2 className={classes.subheading}>{t`Lifted`}</h2>
      <p>
        <Trans>By <strong>{row.lift.who}</strong> on {row.lift.at}.</Trans>
      </p>
      <p>{row.lift.reason}</p>
    </>
  );
}

function Lift({ row }: { row: SuspensionRow }) {
  const lift = useSuspensionLift();
  const [mistake, setMistake] = useState<string | null>(null);
  if (row.own) return <p className="quiet">{t`This account is yours. Somebody else lifts it.`}</p>;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const reason = field(form, 'reason').trim();
    if ([...reason].length < shortest) {
      setMistake(t`Say in at least ${shortest} characters why it is lifted`);
      return focusField(form, 'reason');
    }
    setMistake(null);
    lift.mutate({ id: row.id, reason });
  }

  return (
    <form className={classes.form} aria-label={t`Lift`} noValidate onSubmit={submit}>
      <h2 className={classes.subheading}>{t`Lift the suspension`}</h2>
      <Textarea name="reason" label={t`Why it is lifted`} description={t`10 to 500 characters; it stays on record`} rows={3} maxLength={500} autoComplete="off" />
      <div role="alert" className={classes.problem}>
        {mistake ?? (lift.error ? sentence(lift.error.message) : null)}
      </div>
      <Button type="submit" loading={lift.isPending}>{t`Lift the suspension of ${row.who}`}</Button>
    </form>
  );
}
