// Vital signs of one moment in one line: type, Tab, type, Enter.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import type { VitalSign, VitalSignsCreateRequest } from '@/api/types';
import { useVitalSignsCreate } from '@/api/writes';
import { useKept, useKeptAtFirst } from '@/lib/kept';
import { field, focusField } from '@/lib/form';
import { inside } from '@/lib/language/language';
import { Outcome } from './Outcome';
import { TypedValue } from './TypedValue';
import { UnitOf, unitIn } from './UnitOf';
import { useOpensWithN } from './useOpensWithN';
import { mistakeOf, trimmed, vitalSigns, type Typed } from './vitalSigns';
import classes from './write.module.css';

export function VitalSignsForm({ patientId, name }: { patientId: string; name: string }) {
  const create = useVitalSignsCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const [mistake, setMistake] = useState<{ sign: VitalSign | null; message: string } | null>(null);
  // A new round of empty fields once what was typed is stored.
  const [round, setRound] = useState(0);
  useOpensWithN(() => form.current && focusField(form.current, 'blood-pressure'));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    const typed = vitalSigns.map((one) => ({ one, value: trimmed(field(from, one.sign)) })).filter(({ value }) => value !== '');
    const wrong = typed.map(({ one, value }) => ({ sign: one.sign, message: mistakeOf(one, value) })).find(({ message }) => message !== undefined);
    const found = typed.length === 0 ? { sign: null, message: t`Type at least one value` } : wrong ? { sign: wrong.sign, message: wrong.message ?? '' } : null;
    setMistake(found);
    create.reset();
    if (found !== null) return focusField(from, found.sign ?? 'blood-pressure');
    const at = field(from, 'measured-at');
    const entries = typed.map(({ one, value }) => ({ sign: one.sign, value, unit: unitIn(from, one, unitName(one)) }));
    record({ patientId, chartOnScreen: patientId, measuredAt: at === '' ? null : at, entries, confirmed: false });
  }

  function record(request: VitalSignsCreateRequest) {
    create.mutate(request, {
      onSuccess: () => {
        setRound((before) => before + 1);
        requestAnimationFrame(() => form.current && focusField(form.current, 'blood-pressure'));
      },
    });
  }

  // What was asked about, and nothing that was typed since.
  const asked = create.variables;

  return (
    <form ref={form} className={classes.panel} aria-label={t`Record vital signs`} noValidate autoComplete="off" onSubmit={submit} onChange={() => create.isError && create.reset()}>
      <div key={round} className={classes.line}>
        {vitalSigns.map((one) => (
          <Value key={one.sign} typed={one} wrong={mistake?.sign === one.sign} fresh={round > 0} />
        ))}
        <MeasuredAt fresh={round > 0} />
      </div>
      <div className={classes.head}>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {t`Record vital signs for ${name}`}
        </Button>
        <p className={classes.quiet}>{t`N comes here, Tab goes on, Enter records. What is hardly possible is asked about: in adults, and weight and height to five years; for others no range is loaded.`}</p>
      </div>
      <Outcome
        patientId={patientId}
        data={create.data}
        error={create.error}
        mistake={mistake?.message}
        {...(asked === undefined ? {} : { confirm: { label: t`It is right: record it for ${name}`, onConfirm: () => record({ ...asked, confirmed: true }) } })}
      />
    </form>
  );
}

/** One field; what is typed in it outlives a lock. */
function Value({ typed, wrong, fresh }: { typed: Typed; wrong: boolean; fresh: boolean }) {
  const [first, keep] = useKeptAtFirst<string>(`write/${typed.sign}`, '');
  const [cleared] = useState(() => {
    if (fresh) keep('');
    return fresh;
  });
  return (
    <div className={classes.field}>
      <label htmlFor={`write-${typed.sign}`}>{typed.label}</label>
      <span className={classes.value}>
        <TypedValue
          typed={typed}
          id={`write-${typed.sign}`}
          name={typed.sign}
          width={typed.width}
          first={cleared ? '' : first}
          wrong={wrong}
          describedBy={typed.units.length === 0 ? undefined : `write-${typed.sign}-unit`}
          onType={keep}
        />
        <ChosenUnit typed={typed} />
      </span>
    </div>
  );
}

/** The choice that was made last stands. */
function ChosenUnit({ typed }: { typed: Typed }) {
  const [unit, setUnit] = useKept<string>(`write/${typed.sign}/unit`, typed.units[0]?.code ?? '');
  return <UnitOf typed={typed} id={`write-${typed.sign}-unit`} name={unitName(typed)} label={t`Unit of ${inside(typed.label)}`} chosen={unit} onChoose={setUnit} />;
}

function MeasuredAt({ fresh }: { fresh: boolean }) {
  const [first, keep] = useKeptAtFirst<string>('write/measured-at', '');
  const [at, setAt] = useState(fresh ? '' : first);
  const set = (next: string) => {
    setAt(next);
    keep(next);
  };
  if (at === '')
    return (
      <div className={classes.field}>
        <span className={classes.label}>{t`Measured`}</span>
        <button type="button" className={classes.button} onClick={() => set(localNow())}>
          {t`Now`}
        </button>
      </div>
    );
  return (
    <div className={classes.field}>
      <label htmlFor="write-measured-at">{t`Measured`}</label>
      <input id="write-measured-at" name="measured-at" type="datetime-local" className={classes.input} value={at} onChange={(event) => set(event.currentTarget.value)} />
    </div>
  );
}

const unitName = (typed: Typed) => `${typed.sign}-unit`;

/** By the clock of this workstation, without seconds. */
function localNow(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}T${two(now.getHours())}:${two(now.getMinutes())}`;
}
