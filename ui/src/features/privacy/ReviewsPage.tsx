// The privacy officer's queue: each emergency access with everything that was done in it, and the verdict.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Badge, Button, Radio, Textarea } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import { Fragment, useState, type FormEvent } from 'react';
import { useEmergencyAccessReview } from '@/api/mutations';
import { useEmergencyAccesses } from '@/api/queries';
import type { EmergencyAccessListView, EmergencyAccessRow, Verdict } from '@/api/types';
import { Empty, sentence, StateView } from '@/components/StateView';
import { field, focusField } from '@/lib/form';
import { moment } from '@/lib/language/moment';
import { overrideReasonWords, verdictWords } from '@/lib/words';
import { AccessFlags, FlaggedOnly, FlagLegend, flagWords } from './AccessFlags';
import classes from './ReviewsPage.module.css';

const verdicts = Object.keys(verdictWords) as Verdict[];

export function ReviewsPage() {
  const list = useEmergencyAccesses();
  return (
    <section className={classes.page} aria-label={t`Reviews`}>
      <h1 className={classes.heading}>{t`Emergency accesses`}</h1>
      <p className={classes.lead}>
        {t`Each time somebody broke the glass of a restricted record (AuditEvent, DICOM 110127). Nobody reviews their own; a review is due within 72 hours.`}
      </p>
      <StateView
        read={list}
        what={t`the emergency accesses`}
        isEmpty={(view) => view.rows.length === 0}
        empty={<Empty title={t`No emergency access so far`} hint={t`Each one appears here as soon as it begins.`} />}
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
        {view.unreviewed === 0 ? t`Every one is reviewed.` : t`${view.unreviewed} not reviewed, ${view.overdue} of them overdue.`}
      </p>
      <div className={classes.narrow}>
        <FlaggedOnly id="reviews-flagged" checked={flaggedOnly} onChange={setFlaggedOnly} />
        <FlagLegend />
      </div>
      {rows.length === 0 ? <Empty title={t`No flagged emergency access`} hint={t`Take the filter away to see all of them.`} /> : null}
      <div className={classes.columns} hidden={rows.length === 0}>
        <ul className={classes.list} aria-label={t`Emergency accesses, newest first`}>
          {rows.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one.id === row?.id} onClick={() => setPicked(one.id)}>
                <span className={classes.line}>
                  <strong>{one.who}</strong>
                  <State row={one} />
                </span>
                <span>{one.patient}</span>
                <span className="quiet">{`${moment(one.started)}, ${overrideReasonWords[one.reason]}`}</span>
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
        <IconClockExclamation size={14} aria-hidden /> {t`Overdue`}
      </span>
    );
  return <span className="quiet">{t`Not reviewed`}</span>;
}

function Access({ row }: { row: EmergencyAccessRow }) {
  return (
    <article className={classes.access} aria-label={t`Emergency access of ${row.who}`}>
      <dl className={classes.facts}>
        <dt>{t`Who`}</dt>
        <dd>{row.who}</dd>
        <dt>{t`Whose record`}</dt>
        <dd>{row.patient}</dd>
        <dt>{t`Reason`}</dt>
        <dd>{overrideReasonWords[row.reason]}</dd>
        <dt>{t`In their words`}</dt>
        <dd>{row.justification}</dd>
        <dt>{t`From`}</dt>
        <dd>{moment(row.started)}</dd>
        <dt>{t`Until`}</dt>
        <dd>{moment(row.ended)}</dd>
        {row.flags.map((flag) => (
          <Fragment key={flag.kind}>
            <dt>{flagWords[flag.kind]}</dt>
            <dd>{sentence(flag.meaning)}</dd>
          </Fragment>
        ))}
      </dl>
      <h2 className={classes.subheading}>{t`What was done in it`}</h2>
      {row.done.length === 0 ? (
        <p className="quiet">{t`Nothing was opened.`}</p>
      ) : (
        <table className={classes.table} aria-label={t`What was done in it`}>
          <thead>
            <tr>
              <th scope="col">{t`When`}</th>
              <th scope="col">{t`What`}</th>
              <th scope="col">{t`Purpose`}</th>
              <th scope="col">{t`Outcome`}</th>
            </tr>
          </thead>
          <tbody>
            {row.done.map((one) => (
              <tr key={one.sequence}>
                <td>{moment(one.recorded)}</td>
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
      <h2 className={classes.subheading}>{t`Review`}</h2>
      <p>
        <Trans><strong>{verdictWords[verdict]}</strong>, said {who} on {at}.</Trans>
      </p>
      {note === '' ? null : <p>{note}</p>}
    </>
  );
}

function Review({ row }: { row: EmergencyAccessRow }) {
  const review = useEmergencyAccessReview();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [mistake, setMistake] = useState<string | null>(null);
  if (row.own) return <p className="quiet">{t`This access was yours. Somebody else reviews it.`}</p>;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const note = field(form, 'note').trim();
    if (verdict === null) {
      setMistake(t`Choose a verdict`);
      return focusField(form, 'verdict');
    }
    if (verdict !== 'appropriate' && note === '') {
      setMistake(t`Say in a note what has to be followed up`);
      return focusField(form, 'note');
    }
    setMistake(null);
    review.mutate({ id: row.id, verdict, note });
  }

  return (
    <form className={classes.form} aria-label={t`Review`} noValidate onSubmit={submit}>
      <h2 className={classes.subheading}>{t`Review`}</h2>
      <Radio.Group name="verdict" label={t`Verdict`} value={verdict} onChange={setVerdict}>
        <div className={classes.verdicts}>
          {verdicts.map((one) => (
            <Radio key={one} value={one} label={verdictWords[one]} />
          ))}
        </div>
      </Radio.Group>
      <Textarea name="note" label={t`Note`} description={t`Needed unless it was appropriate`} rows={3} maxLength={1000} autoComplete="off" />
      <div role="alert" className={classes.problem}>
        {mistake ?? (review.error ? sentence(review.error.message) : null)}
      </div>
      <Button type="submit" loading={review.isPending}>{t`Record the review of ${row.who}`}</Button>
    </form>
  );
}
