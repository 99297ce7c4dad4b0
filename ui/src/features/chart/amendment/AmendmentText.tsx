// A request of the patient in full: what is asked, what was decided, what the patient stated against it, what was answered.
import type { AmendmentRow, AmendmentStatement } from '@/api/types';
import { Statement } from './Statement';
import { isOpen, statusWords } from './words';
import classes from './amendment.module.css';

/** Where only a part is shown to a role, it says so. */
export function AmendmentText({ row }: { row: AmendmentRow }) {
  const { asked, received, due, status, delay, ground, decision, disagreement } = row;
  return (
    <div className={classes.request}>
      <p className={classes.state} data-status={status}>
        {isOpen(row) ? `${statusWords[status]}; to be decided by ${due.text}` : statusWords[status]}
      </p>
      <Statement label={`The patient asks, received ${received.text}`} text={asked} />
      {delay === '' ? null : <Statement label={`The time was extended to ${due.text}, because`} text={delay} />}
      {decision === null ? null : <Statement label={`${statusWords[status]}${by(decision)}`} text={decision.text} lead={ground} />}
      {disagreement === null ? null : (
        <>
          <Statement label={`The patient disagrees, received ${disagreement.statement.when}`} text={disagreement.statement.text} />
          {disagreement.rebuttal === null ? null : <Statement label={`Rebuttal${by(disagreement.rebuttal)}`} text={disagreement.rebuttal.text} />}
        </>
      )}
    </div>
  );
}

const by = ({ who, when }: AmendmentStatement) => (who === '' ? `, ${when}` : ` by ${who}, ${when}`);
