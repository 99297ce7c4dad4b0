// How charts are accessed on every workstation: how much of it is explained, when, by whom and where; emergencies and alarms beside it.
import { plural, t } from '@lingui/core/macro';
import { useFleetActivity } from '@/api/fleet';
import type { FleetActivityView } from '@/api/types';
import { Empty } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import { Choice } from './Choice';
import { Days } from './Days';
import { Desk, LookAgain } from './Desk';
import { Explained } from './Explained';
import { periods } from './periods';
import { AcrossBars } from './plot/AcrossBars';
import { Legend } from './plot/Legend';
import { slotsOf } from './plot/slots';
import { TimeBars } from './plot/TimeBars';
import { Twin } from './plot/Twin';
import classes from './fleet.module.css';

/** More would be no picture; the table has every one. */
const mostBars = 20;

export function Activity() {
  const [kept, setPeriod] = useKept<string>('period', 'day');
  const period = periods.find((one) => one.value === kept)?.value ?? 'day';
  const read = useFleetActivity(period);
  return (
    <>
      <div className={classes.bar}>
        <Choice label={t`Period`} of={periods} chosen={period} onChoose={setPeriod} />
        {read.data === undefined ? null : <LookAgain read={read} words={t`${moment(read.data.from)} to ${moment(read.data.until)}`} />}
      </div>
      <Desk read={read} what={t`the activity of the fleet`} isEmpty={(view) => view.hours.length === 0 && view.emergencies.length === 0 && view.incidents.length === 0} empty={<Empty title={t`No chart was accessed in this period`} hint={t`Choose a longer one. What still waits on a workstation is not counted.`} />}>
        {(view) => <Figures view={view} />}
      </Desk>
    </>
  );
}

function Figures({ view }: { view: FleetActivityView }) {
  const accesses = (count: number) => plural(count, { one: '# access', other: '# accesses' });
  const inWords = (one: { accesses: number; unexplained: number }) => (one.unexplained === 0 ? accesses(one.accesses) : t`${accesses(one.accesses)}, ${number(one.unexplained)} unexplained`);
  const parts = (one: { accesses: number; unexplained: number }) => ({ plain: one.accesses - one.unexplained, hatched: one.unexplained });
  const slots = slotsOf(view);
  const [users, units, places] = [view.users.slice(0, mostBars), view.units.slice(0, mostBars), view.workstations.slice(0, mostBars)];
  const unitName = (unit: string | null) => unit ?? t`not said`;
  return (
    <>
      <Explained view={view} />
      <Twin
        name="hours"
        title={slots.byDay ? t`Chart accesses of each day` : t`Chart accesses of each hour`}
        nothing={t`No chart was accessed in this period.`}
        plot={
          <>
            <TimeBars label={t`Chart accesses over time, ${moment(view.from)} to ${moment(view.until)}`} from={slots.from} until={slots.until} bars={slots.slots.map((slot) => ({ at: slot.at, length: slot.length, ...parts(slot), words: `${moment(slot.name)}: ${inWords(slot)}` }))} />
            <Legend />
          </>
        }
        columns={[{ header: slots.byDay ? t`Day` : t`Hour` }, { header: t`Accesses`, number: true }, { header: t`Unexplained`, number: true }]}
        rows={slots.slots.map((slot) => ({ key: slot.name, cells: [moment(slot.name), number(slot.accesses), number(slot.unexplained)] }))}
      />
      <Twin
        name="users"
        title={t`By user`}
        nothing={t`No chart was accessed in this period.`}
        plot={
          <>
            <AcrossBars label={t`Chart accesses by user, most first`} bars={users.map((user) => ({ key: user.userId, name: user.who, ...parts(user), words: inWords(user) }))} />
            <Legend more={view.users.length - users.length} />
          </>
        }
        columns={[{ header: t`User` }, { header: t`Role` }, { header: t`Accesses`, number: true }, { header: t`Unexplained`, number: true }, { header: t`Patients`, number: true }]}
        rows={view.users.map((user) => ({ key: user.userId, cells: [user.who, user.role, number(user.accesses), number(user.unexplained), number(user.patients)] }))}
      />
      <Twin
        name="units"
        title={t`By unit`}
        nothing={t`No chart was accessed in this period.`}
        plot={
          <>
            <AcrossBars label={t`Chart accesses by the unit at which the workstation stands, most first`} bars={units.map((one) => ({ key: one.unit ?? '', name: unitName(one.unit), ...parts(one), words: inWords(one) }))} />
            <Legend more={view.units.length - units.length} />
          </>
        }
        columns={[{ header: t`Unit` }, { header: t`Accesses`, number: true }, { header: t`Unexplained`, number: true }]}
        rows={view.units.map((one) => ({ key: one.unit ?? '', cells: [unitName(one.unit), number(one.accesses), number(one.unexplained)] }))}
      />
      <Twin
        name="workstations"
        title={t`By workstation`}
        nothing={t`No chart was accessed in this period.`}
        plot={
          <>
            <AcrossBars label={t`Chart accesses by workstation`} bars={places.map((place) => ({ key: place.host, name: place.host, ...parts(place), words: inWords(place) }))} />
            <Legend more={view.workstations.length - places.length} />
          </>
        }
        columns={[{ header: t`Workstation` }, { header: t`Accesses`, number: true }, { header: t`Unexplained`, number: true }]}
        rows={view.workstations.map((place) => ({ key: place.host, cells: [place.host, number(place.accesses), number(place.unexplained)] }))}
      />
      <Days view={view} />
    </>
  );
}
