// What protects this workstation and what does not: each check with what was found, why it matters and what to do.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle, type Icon } from '@tabler/icons-react';
import { usePosture } from '@/api/queries';
import type { CheckState, PostureCheckView, PostureView } from '@/api/types';
import { Empty, sentence, StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import classes from './posture.module.css';

const states: Record<CheckState, { word: string; counted: string; sign: Icon }> = {
  fail: { get word() { return t`Not as it should be`; }, get counted() { return t`not as it should be`; }, sign: IconCircleX },
  warn: { get word() { return t`Look at`; }, get counted() { return t`to look at`; }, sign: IconAlertTriangle },
  unknown: { get word() { return t`Not known`; }, get counted() { return t`not known`; }, sign: IconHelpCircle },
  ok: { word: 'OK', counted: 'OK', sign: IconCircleCheck },
};
/** What needs somebody comes first. */
const order: CheckState[] = ['fail', 'warn', 'unknown', 'ok'];

export function PosturePage() {
  const posture = usePosture();
  return (
    <section className={classes.page} aria-label={t`Workstation`}>
      <h1 className={classes.heading}>{t`Workstation`}</h1>
      <p className={classes.lead}>{t`What protects the data at this workstation and what does not, as the system says it. The managed policy decides what closes the sign-in.`}</p>
      <StateView
        read={posture}
        what={t`the state of this workstation`}
        isEmpty={(found) => found.checks.length === 0}
        empty={<Empty title={t`Nothing was checked`} hint={t`This system has not been asked yet. Check again.`} />}
      >
        {(found) => <Found found={found} again={() => void posture.refetch()} asking={posture.isFetching} />}
      </StateView>
    </section>
  );
}

function Found({ found, again, asking }: { found: PostureView; again: () => void; asking: boolean }) {
  const checks = order.flatMap((state) => found.checks.filter((check) => check.state === state));
  const counts = order
    .map((state) => ({ state, count: checks.filter((check) => check.state === state).length }))
    .filter((one) => one.count > 0)
    .map((one) => `${one.count} ${states[one.state].counted}`);
  return (
    <>
      <div className={classes.summary}>
        <p role="status">
          {t`${counts.join(', ')}. Checked ${moment(found.checkedAt)}.`}
        </p>
        <Button variant="default" size="xs" loading={asking} onClick={again}>
          {t`Check again`}
        </Button>
      </div>
      {found.refuses ? (
        <p className={classes.closed}>
          <IconAlertTriangle size={16} aria-hidden /> {t`The sign-in is closed to everybody but administrators until the checks marked “closes the sign-in” are OK.`}
        </p>
      ) : null}
      <ul className={classes.checks} aria-label={t`Checks`}>
        {checks.map((check) => (
          <CheckRow key={check.id} check={check} />
        ))}
      </ul>
    </>
  );
}

function CheckRow({ check }: { check: PostureCheckView }) {
  const { word, sign: Sign } = states[check.state];
  return (
    <li className={classes.check} data-state={check.state}>
      <p className={classes.state}>
        <Sign size={16} aria-hidden /> {word}
      </p>
      <div>
        <h2 className={classes.name}>
          {check.name}
          {check.rule === 'refuse' ? <span className={classes.rule}>{check.refuses ? t`closes the sign-in` : t`required by policy`}</span> : null}
        </h2>
        <p>{sentence(check.found)}</p>
        {check.advice === null ? null : (
          <p>
            <strong>{t`To do:`}</strong> <span lang="en">{sentence(check.advice)}</span>
          </p>
        )}
        <p className="quiet" lang="en">{check.why}</p>
      </div>
    </li>
  );
}
