// The privacy officer's queue: each emergency access with everything that was done in it, and the verdict.
import { Badge, Button, Radio, Textarea } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import { Fragment, useState, type FormEvent } from 'react';
import { useEmergencyAccessReview } from '@/api/mutations';
import { useEmergencyAccesses } from '@/api/queries';
import type { EmergencyAccessListView, EmergencyAccessRow, Verdict } from '@/api/types';
import { Empty, sentence, StateView } from '@/components/StateView';
import { field, focusField } from '@/lib/form';
import { overrideReasonWords, verdictWords } from '@/lib/words';
import { AccessFlags, FlaggedOnly, FlagLegend, flagWords } from './AccessFlags';
import classes from './ReviewsPage.module.css';

const verdicts = Object.keys(verdictWords) as Verdict[];

export function ReviewsPage() {
  const list = useEmergencyAccesses();
  return (
    <section className={classes.page} aria-label="Reviews">
      <h1 className={classes.heading}>Emergency accesses</h1>
      <p className={classes.lead}>
        Each time somebody broke the glass of a restricted record (AuditEvent, DICOM 110127). Nobody reviews their own; a review is due
        within 72 hours.
      </p>
      <StateView
        read={list}
        what="the emergency accesses"
        isEmpty={(view) => view.rows.length === 0}
        empty={<Empty title="No emergency access so far" hint="Each one appears here as soon as it begins." />}
      >
        {(view) => <Queue view={view} />}
      </StateView>
    </section>
  );
}

function Queue({ view }: { view: EmergencyAccessListView }) {
  const [picked, setPicked] = useState<number | null>(null);
  const [flaggedOnly, setFlaggedOnly] = useState(false);
  const rows = flaggedOnly ? view.rows.filter((one) => one.flags.length > 0) : view.rows;
  const row = rows.find((one) => one.id === picked) ?? rows.find((one) => one.review === null) ?? rows[0];
  return (
    <>
      <p role="status" className={classes.counts} data-urgent={view.overdue > 0 || undefined}>
        {view.unreviewed === 0 ? 'Every one is reviewed.' : `${view.unreviewed} not reviewed, ${view.overdue} of them overdue.`}
      </p>
      <div className={classes.narrow}>
        <FlaggedOnly id="reviews-flagged" checked={flaggedOnly} onChange={setFlaggedOnly} />
        <FlagLegend />
      </div>
      {rows.length === 0 ? <Empty title="No flagged emergency access" hint="Take the filter away to see all of them." /> : null}
      <div className={classes.columns} hidden={rows.length === 0}>
        <ul className={classes.list} aria-label="Emergency accesses, newest first">
          {rows.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one.id === row?.id} onClick={() => setPicked(one.id)}>
                <span className={classes.line}>
                  <strong>{one.who}</strong>
                  <State row={one} />
                </span>
                <span>{one.patient}</span>
                <span className="quiet">{`${one.started}, ${overrideReasonWords[one.reason]}`}</span>
                {one.flags.length === 0 ? null : <AccessFlags flags={one.flags} />}
              </button>
            </li>
          ))}
        </ul>
        {row === undefined ? null : <Access key={row.id} row={row} />}
      </div>
    </>
  );
}

function State({ row }: { row: EmergencyAccessRow }) {
  if (row.review !== null) return <Badge variant="light" color="gray">{verdictWords[row.review.verdict]}</Badge>;
  if (row.overdue)
    return (
      <span className={classes.overdue}>
        <IconClockExclamation size={14} aria-hidden /> Overdue
      </span>
    );
  return <span className="quiet">Not reviewed</span>;
}

function Access({ row }: { row: EmergencyAccessRow }) {
  return (
    <article className={classes.access} aria-label={`Emergency access of ${row.who}`}>
      <dl className={classes.facts}>
        <dt>Who</dt>
        <dd>{row.who}</dd>
        <dt>Whose record</dt>
        <dd>{row.patient}</dd>
        <dt>Reason</dt>
        <dd>{overrideReasonWords[row.reason]}</dd>
        <dt>In their words</dt>
        <dd>{row.justification}</dd>
        <dt>From</dt>
        <dd>{row.started}</dd>
        <dt>Until</dt>
        <dd>{row.ended}</dd>
        {row.flags.map((flag) => (
          <Fragment key={flag.kind}>
            <dt>{flagWords[flag.kind]}</dt>
            <dd>{sentence(flag.meaning)}</dd>
          </Fragment>
        ))}
      </dl>
      <h2 className={classes.subheading}>What was done in it</h2>
      {row.done.length === 0 ? (
        <p className="quiet">Nothing was opened.</p>
      ) : (
        <table className={classes.table} aria-label="What was done in it">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Purpose</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {row.done.map((one) => (
              <tr key={one.sequence}>
                <td>{one.recorded}</td>
                <td>{one.what}</td>
                <td>{one.purpose}</td>
                <td>{one.outcome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {row.review === null ? <Review row={row} /> : <Reviewed row={row} />}
    </article>
  );
}

function Reviewed({ row }: { row: EmergencyAccessRow }) {
  if (row.review === null) return null;
  const { verdict, note, who, at } = row.review;
  return (
    <>
      <h2 className={classes.subheading}>Review</h2>
      <p>
        <strong>{verdictWords[verdict]}</strong>, said {who} on {at}.
      </p>
      {note === '' ? null : <p>{note}</p>}
    </>
  );
}

function Review({ row }: { row: EmergencyAccessRow }) {
  const review = useEmergencyAccessReview();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [mistake, setMistake] = useState<string | null>(null);
  if (row.own) return <p className="quiet">This access was yours. Somebody else reviews it.</p>;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const note = field(form, 'note').trim();
    if (verdict === null) {
      setMistake('Choose a verdict');
      return focusField(form, 'verdict');
    }
    if (verdict !== 'appropriate' && note === '') {
      setMistake('Say in a note what has to be followed up');
      return focusField(form, 'note');
    }
    setMistake(null);
    review.mutate({ id: row.id, verdict, note });
  }

  return (
    <form className={classes.form} aria-label="Review" noValidate onSubmit={submit}>
      <h2 className={classes.subheading}>Review</h2>
      <Radio.Group name="verdict" label="Verdict" value={verdict} onChange={setVerdict}>
        <div className={classes.verdicts}>
          {verdicts.map((one) => (
            <Radio key={one} value={one} label={verdictWords[one]} />
          ))}
        </div>
      </Radio.Group>
      <Textarea name="note" label="Note" description="Needed unless it was appropriate" rows={3} maxLength={1000} autoComplete="off" />
      <div role="alert" className={classes.problem}>
        {mistake ?? (review.error ? sentence(review.error.message) : null)}
      </div>
      <Button type="submit" loading={review.isPending}>{`Record the review of ${row.who}`}</Button>
    </form>
  );
}
