// What the role begins the day with: one list at a time, the first as the core orders them.
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useWorklist } from '@/api/worklistQueries';
import type { Worklist, WorklistRow, WorklistView } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { dayOf, dayWords, later } from '@/lib/day';
import { useKept } from '@/lib/kept';
import { WorklistTable } from './WorklistTable';
import classes from './worklist.module.css';

const words: Record<Worklist, { label: string; none: string; hint: string }> = {
  panel: {
    get label() { return t`My patients`; },
    get none() { return t`Nobody is on your list now`; },
    get hint() { return t`Patients appear here while you are of their care team, treat them, or expect them. Press Ctrl+K to find anybody else.`; },
  },
  ward: { get label() { return t`Ward list`; }, get none() { return t`Nobody is in the house`; }, get hint() { return t`Patients appear here while an encounter of theirs goes on.`; } },
  schedule: { get label() { return t`Schedule`; }, get none() { return t`No appointment on this day`; }, get hint() { return t`Appointments appear here as they are imported.`; } },
  prescriptions: {
    get label() { return t`Prescriptions`; },
    get none() { return t`No prescription in the last 30 days`; },
    get hint() { return t`Patients appear here with what was prescribed to them and is active, on hold or a draft.`; },
  },
  claims: { get label() { return t`Claims`; }, get none() { return t`No open claim within a year`; }, get hint() { return t`Claims appear here while they are active or drafts.`; } },
};

type Props = { lists: Worklist[]; onOpen: (row: WorklistRow) => void };

export function Worklists({ lists, onOpen }: Props) {
  const [kept, setList] = useKept<string>('worklist', '');
  const list = lists.find((one) => one === kept) ?? lists[0];
  const [day, setDay] = useState(() => dayOf(new Date()));
  if (list === undefined) return null;
  return (
    <section className={classes.section} aria-label={t`Worklists`}>
      <div className={classes.head}>
        {lists.length === 1 ? (
          <h2 className={classes.title}>{words[list].label}</h2>
        ) : (
          <div className={classes.tabs} role="group" aria-label={t`Which list`}>
            {lists.map((one) => (
              <button key={one} type="button" aria-pressed={one === list} onClick={() => setList(one)}>
                {words[one].label}
              </button>
            ))}
          </div>
        )}
        {list === 'schedule' ? <Days day={day} onDay={setDay} /> : null}
      </div>
      <List key={list} list={list} day={list === 'schedule' ? day : null} onOpen={onOpen} />
    </section>
  );
}

function Days({ day, onDay }: { day: string; onDay: (day: string) => void }) {
  const today = dayOf(new Date());
  return (
    <div className={classes.days} role="group" aria-label={t`Which day`}>
      <button type="button" aria-label={t`The day before`} onClick={() => onDay(later(day, -1))}>
        ‹
      </button>
      <strong aria-live="polite">{dayWords(day)}</strong>
      <button type="button" aria-label={t`The day after`} onClick={() => onDay(later(day, 1))}>
        ›
      </button>
      {day === today ? <span className="quiet">{t`today`}</span> : (
        <button type="button" onClick={() => onDay(today)}>
          {t`Today`}
        </button>
      )}
    </div>
  );
}

function List({ list, day, onOpen }: { list: Worklist; day: string | null; onOpen: (row: WorklistRow) => void }) {
  const read = useWorklist(list, day);
  const { label, none, hint } = words[list];
  return (
    <StateView
      read={read}
      what={t`the list "${label}"`}
      isEmpty={(view: WorklistView) => view.rows.length === 0}
      empty={list === 'panel' && read.data?.linked === false ? <NotLinked /> : <Empty title={none} hint={hint} />}
    >
      {(view) => (
        <>
          <WorklistTable label={label} list={list} rows={view.rows} onOpen={onOpen} />
          {view.more ? <p className={classes.note}>{t`The first ${view.rows.length} are shown; there are more. Press Ctrl+K to find one of the others.`}</p> : null}
        </>
      )}
    </StateView>
  );
}

function NotLinked() {
  return (
    <Empty
      title={t`It is not known who your patients are`}
      hint={t`Your account is not linked to a practitioner of the charts. An administrator links it on the page Users.`}
    />
  );
}
