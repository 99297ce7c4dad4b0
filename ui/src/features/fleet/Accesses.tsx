// Who looked at whom on any workstation: everybody, one user or one patient, a page at a time. Each page is a search on record.
import { t } from '@lingui/core/macro';
import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useFleetAccesses, useFleetActivity } from '@/api/fleet';
import type { ActivityPeriod, FleetAccessAbout } from '@/api/types';
import { PatientPicker } from '@/components/PatientPicker';
import { Empty } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { moment } from '@/lib/language/moment';
import { Choice } from './Choice';
import { Desk, LookAgain } from './Desk';
import { EventTable } from './IncidentTables';
import { periods } from './periods';
import classes from './fleet.module.css';

type Kind = FleetAccessAbout['kind'];

const kinds: { value: Kind; label: string }[] = [
  { value: 'everybody', get label() { return t`Everybody`; } },
  { value: 'user', get label() { return t`A user`; } },
  { value: 'patient', get label() { return t`A patient`; } },
];

export function Accesses() {
  const [kind, setKind] = useKept<string>('about', 'everybody');
  const [userId, setUserId] = useKept<string>('user', '');
  const [patientId, setPatientId] = useKept<string>('patient', '');
  const [period, setPeriod] = useKept<string>('period', 'day');
  const [emergencies, setEmergencies] = useKept<boolean>('emergencies', false);
  const [after, setAfter] = useKept<string>('after', '');
  const span: ActivityPeriod = periods.find((one) => one.value === period)?.value ?? 'day';
  const about: FleetAccessAbout = kind === 'user' ? { kind, userId } : kind === 'patient' ? { kind, patientId } : { kind: 'everybody' };
  const chosen = (about.kind !== 'user' || userId !== '') && (about.kind !== 'patient' || patientId !== '');

  // Another search begins at its newest entry.
  const from = <V,>(set: (value: V) => void) => (value: V) => {
    setAfter('');
    set(value);
  };
  return (
    <>
      <div className={classes.bar}>
        <Choice label={t`Whose accesses`} of={kinds} chosen={kind} onChoose={from(setKind)} />
        <Choice label={t`Period`} of={periods} chosen={span} onChoose={from(setPeriod)} />
        <Checkbox label={t`Emergency accesses only`} checked={emergencies} onChange={(event) => from(setEmergencies)(event.currentTarget.checked)} />
      </div>
      {kind === 'user' ? <UserPicker picked={userId} onPick={from(setUserId)} /> : null}
      {kind === 'patient' ? <PatientPicker picked={patientId !== ''} onPick={from(setPatientId)} /> : null}
      {chosen ? (
        <Found key={JSON.stringify([about, span, emergencies, after])} about={about} period={span} emergencies={emergencies} after={after} onPage={setAfter} />
      ) : (
        <Empty title={about.kind === 'user' ? t`No user chosen` : t`No patient chosen`} hint={t`What every workstation has told the server appears below.`} />
      )}
    </>
  );
}

type Props = { about: FleetAccessAbout; period: ActivityPeriod; emergencies: boolean; after: string; onPage: (after: string) => void };

function Found({ about, period, emergencies, after, onPage }: Props) {
  const read = useFleetAccesses({ about, period, emergencies, after: after === '' ? null : after });
  const next = read.data?.next ?? null;
  return (
    <>
      {read.data === undefined ? null : <LookAgain read={read} words={t`as of ${moment(read.data.asOf)}; what still waits on a workstation is not among it`} />}
      <Desk read={read} what={t`the entries of the fleet`} isEmpty={(view) => view.rows.length === 0} empty={<Empty title={t`No entry in this period`} hint={t`Choose a longer one.`} />}>
        {(view) => <EventTable level="h2" title={t`Entries of every workstation`} events={view.rows} people={about.kind !== 'user'} />}
      </Desk>
      {after === '' && next === null ? null : (
        <div className={classes.bar}>
          <Button variant="default" size="compact-sm" disabled={after === ''} onClick={() => onPage('')}>
            {t`Newest entries`}
          </Button>
          <Button variant="default" size="compact-sm" disabled={next === null} onClick={() => onPage(next ?? '')}>
            {t`Older entries`}
          </Button>
        </div>
      )}
    </>
  );
}

/** Whoever opened a chart in a month. */
function UserPicker({ picked, onPick }: { picked: string; onPick: (userId: string) => void }) {
  const read = useFleetActivity('month');
  return (
    <Desk read={read} what={t`the users`} isEmpty={(view) => view.users.length === 0} empty={<Empty title={t`Nobody opened a chart in 30 days`} hint={t`Look at the accesses of everybody.`} />}>
      {(view) => (
        <NativeSelect
          className={classes.pick}
          label={t`User`}
          value={picked}
          onChange={(event) => onPick(event.currentTarget.value)}
          data={[{ value: '', label: t`Choose a user` }, ...view.users.map((one) => ({ value: one.userId, label: `${one.who}, ${one.role}` }))]}
        />
      )}
    </Desk>
  );
}
