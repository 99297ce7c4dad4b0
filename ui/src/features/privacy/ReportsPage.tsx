// The privacy officer's reports over any period: who looked at a patient, what a user did, and what was disclosed.
import { t } from '@lingui/core/macro';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useReportUsers } from '@/api/reportQueries';
import type { ReportAbout } from '@/api/types';
import { PatientPicker } from '@/components/PatientPicker';
import { Empty, StateView } from '@/components/StateView';
import { field } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { AccessReport } from './AccessReport';
import { Disclosures } from './Disclosures';
import classes from './reports.module.css';

type Kind = ReportAbout['kind'] | 'disclosures';

const kinds: { kind: Kind; label: string }[] = [
  { kind: 'patient', get label() { return t`Who looked at a patient`; } },
  { kind: 'user', get label() { return t`What a user did`; } },
  { kind: 'disclosures', get label() { return t`What was disclosed`; } },
];

const hints: Record<Kind, string> = {
  get patient() { return t`Everybody who looked, searched or was refused appears below.`; },
  get user() { return t`What the user did here appears below.`; },
  get disclosures() { return t`What left this workstation about the patient in six years appears below.`; },
};

export function ReportsPage() {
  const [kind, setKind] = useKept<string>('kind', 'patient');
  const [patientId, setPatientId] = useKept<string>('patient', '');
  const [userId, setUserId] = useKept<string>('user', '');
  const [from, setFrom] = useKept<string>('from', '');
  const [until, setUntil] = useKept<string>('until', '');
  const about: ReportAbout | null = kind === 'user' ? of({ kind, userId }) : of({ kind: 'patient', patientId });

  function show(next: ReportAbout) {
    setKind(next.kind);
    if (next.kind === 'patient') setPatientId(next.patientId);
    else setUserId(next.userId);
  }

  return (
    <section className={classes.page} aria-label={t`Reports`}>
      <h1 className={classes.heading}>{t`Reports`}</h1>
      <p className={classes.lead}>{t`From the audit log of this workstation (FHIR AuditEvent). What is shown here is on record itself.`}</p>
      <div className={classes.tabs} role="group" aria-label={t`Which report`}>
        {kinds.map((one) => (
          <button key={one.kind} type="button" aria-pressed={kind === one.kind} onClick={() => setKind(one.kind)}>
            {one.label}
          </button>
        ))}
      </div>
      {kind === 'user' ? <UserPicker picked={userId} onPick={setUserId} /> : <PatientPicker picked={patientId !== ''} onPick={setPatientId} />}
      {about === null ? (
        <Empty
          title={kind === 'user' ? t`No user chosen` : t`No patient chosen`}
          hint={hints[kind === 'user' || kind === 'disclosures' ? kind : 'patient']}
        />
      ) : kind === 'disclosures' && about.kind === 'patient' ? (
        <Disclosures key={about.patientId} patientId={about.patientId} />
      ) : (
        <>
          <Period
            from={from}
            until={until}
            onShow={(first, last) => {
              setFrom(first);
              setUntil(last);
            }}
          />
          <AccessReport key={JSON.stringify(about)} about={about} from={from} until={until} onShow={show} />
        </>
      )}
    </section>
  );
}

/** Nothing is asked for before somebody is chosen. */
function of(about: ReportAbout): ReportAbout | null {
  return (about.kind === 'patient' ? about.patientId : about.userId) === '' ? null : about;
}

function UserPicker({ picked, onPick }: { picked: string; onPick: (userId: string) => void }) {
  const users = useReportUsers(true);
  return (
    <StateView read={users} what={t`the users`}>
      {(rows) => (
        <NativeSelect
          id="report-user"
          className={classes.pick}
          label={t`User`}
          value={picked}
          onChange={(event) => onPick(event.currentTarget.value)}
          data={[
            { value: '', label: t`Choose a user` },
            ...rows.map((one) => ({ value: one.userId, label: one.disabled ? t`${one.who}, ${one.role} (closed account)` : `${one.who}, ${one.role}` })),
          ]}
        />
      )}
    </StateView>
  );
}

type PeriodProps = { from: string; until: string; onShow: (from: string, until: string) => void };

function Period({ from, until, onShow }: PeriodProps) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    onShow(field(form, 'from'), field(form, 'until'));
  }
  return (
    <form
      // Filled anew when the period is given from elsewhere.
      key={`${from} ${until}`}
      className={classes.period}
      aria-label={t`Period`}
      onSubmit={submit}
    >
      <TextInput id="report-from" name="from" label={t`From`} type="date" defaultValue={from} />
      <TextInput id="report-until" name="until" label={t`Until`} type="date" defaultValue={until} />
      <Button type="submit">{t`Show this period`}</Button>
      {from === '' && until === '' ? null : (
        <Button variant="default" onClick={() => onShow('', '')}>
          {t`Show all`}
        </Button>
      )}
    </form>
  );
}
