// A request of the patient in full: what is asked, what was decided, what the patient stated against it, what was answered.
import { t } from '@lingui/core/macro';
import type { AmendmentRow, AmendmentStatement } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { Statement } from './Statement';
import { isOpen, statusWords } from './words';
import classes from './amendment.module.css';

/** Where only a part is shown to a role, it says so. */
export function AmendmentText({ row }: { row: AmendmentRow }) {
  const { asked, received, due, status, delay, ground, decision, disagreement } = row;
  return (
    <div className={classes.request}>
      <p className={classes.state} data-status={status}>
        {isOpen(row) ? t`${statusWords[status]}; to be decided by ${moment(due.text)}` : statusWords[status]}
      </p>
      <Statement label={t`The patient asks, received ${moment(received.text)}`} text={asked} />
      {delay === '' ? null : <Statement label={t`The time was extended to ${moment(due.text)}, because`} text={delay} />}
      {decision === null ? null : <Statement label={by(statusWords[status], decision)} text={decision.text} lead={ground} />}
      {disagreement === null ? null : (
        <>
          <Statement label={t`The patient disagrees, received ${moment(disagreement.statement.when)}`} text={disagreement.statement.text} />
          {disagreement.rebuttal === null ? null : <Statement label={by(t`Rebuttal`, disagreement.rebuttal)} text={disagreement.rebuttal.text} />}
        </>
      )}
    </div>
  );
}

const by = (what: string, { who, when }: AmendmentStatement) => (who === '' ? `${what}, ${moment(when)}` : t`${what} by ${who}, ${moment(when)}`);
