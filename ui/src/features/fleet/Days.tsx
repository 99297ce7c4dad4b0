// What is counted by days: broken glasses, and the alarms of each rule. The server counts by days of UTC.
import { plural, t } from '@lingui/core/macro';
import type { ActivityIncidents, FleetActivityView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import { AcrossBars } from './plot/AcrossBars';
import { TimeBars } from './plot/TimeBars';
import { Twin } from './plot/Twin';
import { ruleLabel } from './ruleWords';

const DAY = 86_400;

export function Days({ view }: { view: FleetActivityView }) {
  // Whole days, so that the first one is not cut.
  const from = Math.floor(view.fromEpoch / DAY) * DAY;
  const until = Math.ceil(view.untilEpoch / DAY) * DAY;
  const rules = summed(view.incidents, (one) => one.rule).sort((a, b) => b.count - a.count);
  const raised = summed(view.incidents, (one) => one.day);
  const alarms = (count: number) => plural(count, { one: '# alarm', other: '# alarms' });
  const emergencies = (count: number) => plural(count, { one: '# emergency access', other: '# emergency accesses' });
  return (
    <>
      <Twin
        name="emergencies"
        title={t`Emergency accesses of each day`}
        nothing={t`Nobody broke the glass in this period.`}
        plot={<TimeBars low label={t`Emergency accesses of each day`} from={from} until={until} bars={view.emergencies.map((one) => ({ at: one.epochSeconds, length: DAY, plain: one.count, hatched: 0, words: `${moment(one.day)}: ${emergencies(one.count)}` }))} />}
        columns={[{ header: t`Day (UTC)` }, { header: t`Emergency accesses`, number: true }]}
        rows={view.emergencies.map((one) => ({ key: one.day, cells: [moment(one.day), number(one.count)] }))}
      />
      <Twin
        name="raised"
        title={t`Alarms of each day, and by rule`}
        nothing={t`No alarm was raised in this period.`}
        plot={
          <>
            <TimeBars low label={t`Alarms of each day`} from={from} until={until} bars={raised.map((one) => ({ at: one.first.epochSeconds, length: DAY, plain: one.count, hatched: 0, words: `${moment(one.first.day)}: ${alarms(one.count)}` }))} />
            <AcrossBars label={t`Alarms by rule`} bars={rules.map((one) => ({ key: one.first.rule, name: one.first.rule, plain: one.count, hatched: 0, words: `${number(one.count)}, ${ruleLabel(one.first.rule)}` }))} />
          </>
        }
        columns={[{ header: t`Day (UTC)` }, { header: t`Rule` }, { header: t`Alarms`, number: true }]}
        rows={view.incidents.map((one) => ({ key: `${one.day} ${one.rule}`, cells: [moment(one.day), ruleLabel(one.rule), number(one.count)] }))}
      />
    </>
  );
}

/** Added up by a name, in the order in which each comes first. */
function summed(days: ActivityIncidents[], name: (one: ActivityIncidents) => string): { first: ActivityIncidents; count: number }[] {
  const sums = new Map<string, { first: ActivityIncidents; count: number }>();
  for (const one of days) sums.set(name(one), { first: sums.get(name(one))?.first ?? one, count: (sums.get(name(one))?.count ?? 0) + one.count });
  return [...sums.values()];
}
