// A value that is wrong: it stays visible as entered in error, and what is right stands in its place.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { SeriesPoint, VitalSign, VitalSignCorrectRequest } from '@/api/types';
import { useVitalSignCorrect } from '@/api/writes';
import { field, focusField } from '@/lib/form';
import { inside } from '@/lib/language/language';
import { moment } from '@/lib/language/moment';
import { Outcome } from './Outcome';
import { TypedValue } from './TypedValue';
import { UnitOf, unitIn } from './UnitOf';
import { mistakeOf, trimmed, vitalSigns } from './vitalSigns';
import { useWrites } from './whose';
import classes from './write.module.css';

type CorrectProps = { sign: VitalSign | null; name: string; point: SeriesPoint };

export function CorrectVitalSign({ sign, name, point }: CorrectProps) {
  const whose = useWrites('vitals');
  const correct = useVitalSignCorrect(whose?.patientId ?? '');
  const [open, setOpen] = useState<string | null>(null);
  const [mistake, setMistake] = useState<string>();
  const typed = vitalSigns.find((one) => one.sign === sign);
  if (whose === null || typed === undefined) return null;
  const { patientId } = whose;
  const what = t`${name} ${point.text} of ${moment(point.when.text)}`;
  const isOpen = open === point.id && point.status !== 'entered-in-error';

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    if (typed === undefined) return;
    correct.reset();
    const value = trimmed(field(from, 'right'));
    const wrong = value === '' ? undefined : mistakeOf(typed, value);
    setMistake(wrong);
    if (wrong !== undefined) return focusField(from, 'right');
    const unit = unitIn(from, typed, 'unit');
    const replacement = value === '' ? null : { sign: typed.sign, value, unit };
    send({ patientId, chartOnScreen: patientId, id: point.id, version: point.version, replacement, confirmed: false, reason: field(from, 'reason') });
  }

  const send = (request: VitalSignCorrectRequest) => correct.mutate(request, { onSuccess: () => setOpen(null) });
  const asked = correct.variables;

  return (
    <section aria-label={t`Correct this value`} className={classes.field}>
      {point.status === 'entered-in-error' ? null : (
        <div className={classes.actions}>
          <button
            type="button"
            className={classes.button}
            aria-expanded={isOpen}
            onClick={() => {
              correct.reset();
              setOpen(isOpen ? null : point.id);
            }}
          >
            {t`This value is wrong`}
          </button>
        </div>
      )}
      {isOpen ? (
        <form key={point.id} className={classes.form} aria-label={t`Correct ${what}`} noValidate autoComplete="off" onSubmit={submit} onChange={() => correct.isError && correct.reset()}>
          <p className={classes.quiet}>{t`${what} stays visible as entered in error.`}</p>
          <div className={classes.line}>
            <div className={classes.field}>
              <label htmlFor="correct-right">{t`What is right; empty if nothing was measured`}</label>
              <span className={classes.value}>
                <TypedValue typed={typed} id="correct-right" name="right" width={typed.width + 20} autoFocus wrong={mistake !== undefined} />
                <UnitOf typed={typed} name="unit" label={t`Unit`} />
              </span>
            </div>
            <div className={`${classes.field} ${classes.reason}`}>
              <label htmlFor="correct-reason">{t`What went wrong`}</label>
              <input id="correct-reason" name="reason" className={classes.input} maxLength={2000} />
            </div>
          </div>
          <Button type="submit" className={classes.confirm} loading={correct.isPending}>
            {t`Correct ${inside(name)} for ${whose.name}`}
          </Button>
        </form>
      ) : null}
      <Outcome
        patientId={patientId}
        data={correct.data}
        error={correct.error}
        mistake={mistake}
        {...(asked === undefined ? {} : { confirm: { label: t`It is right: correct it for ${whose.name}`, onConfirm: () => send({ ...asked, confirmed: true }) } })}
      />
    </section>
  );
}
