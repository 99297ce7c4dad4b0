// Whether it is a breach: the four factors of 45 CFR 164.402 (2), and the clock of 60 days that runs if it is.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useKept } from '@/lib/kept';
import { moment } from '@/lib/language/moment';
import type { BreachAssessmentView, IncidentView } from '@/api/types';
import { clockWords, notifyDays } from '../caseWords';
import classes from '../fleet.module.css';
import { AssessmentForm } from './AssessmentForm';
import { factorLabels, factors } from './factors';

export function Assessment({ view }: { view: IncidentView }) {
  const { row, assessment } = view;
  const [open, setOpen] = useKept<boolean>(`assess ${row.id}`, false);
  return (
    <section aria-label={t`Breach assessment`}>
      <h3 className={classes.subheading}>{t`Breach assessment`}</h3>
      {assessment === null ? (
        <p className="quiet">{t`Not assessed yet. An acquisition, access, use or disclosure that is not permitted is presumed to be a breach unless a low probability is demonstrated that the information has been compromised (45 CFR 164.402).`}</p>
      ) : (
        <Assessed assessment={assessment} view={view} />
      )}
      {row.own ? null : (
        <Button variant="default" size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {assessment === null ? t`Assess it` : t`Assess it anew`}
        </Button>
      )}
      {open && !row.own ? <AssessmentForm view={view} onDone={() => setOpen(false)} /> : null}
    </section>
  );
}

function Assessed({ assessment, view }: { assessment: BreachAssessmentView; view: IncidentView }) {
  const { notifyBy, notifyDays: left } = view.row;
  return (
    <>
      <p>
        <strong>{assessment.breach ? t`It is a breach.` : t`It is no breach: a low probability of compromise was demonstrated.`}</strong>{' '}
        {t`Discovered ${moment(assessment.discovered)}; assessed by ${assessment.by ?? t`somebody unknown`}, ${moment(assessment.at ?? '')}.`}
      </p>
      {notifyBy === null || left === null ? null : <Clock notifyBy={notifyBy} left={left} />}
      <dl className={classes.factors}>
        {factors.map((factor) => (
          <div key={factor}>
            <dt>{factorLabels[factor]}</dt>
            <dd>{assessment[factor]}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** How much of the 60 days is over, with the day on which they end. */
function Clock({ notifyBy, left }: { notifyBy: string; left: number }) {
  const over = Math.min(notifyDays, Math.max(0, notifyDays - left));
  return (
    <div className={classes.clock} data-tone={left < 14 ? 'danger' : 'attention'}>
      <progress max={notifyDays} value={over} aria-label={t`Days since the discovery, of ${notifyDays}`} />
      <p role="status">{t`Notices without unreasonable delay, and by ${moment(notifyBy)} at the latest: ${clockWords(left)}.`}</p>
    </div>
  );
}
