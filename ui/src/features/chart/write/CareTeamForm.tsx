// A new member of the care team: N, somebody of this workstation or somebody outside by name, the role, Enter.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import type { ColleagueView } from '@/api/types';
import { useEntryCreate } from '@/api/writes';
import { focusField } from '@/lib/form';
import { useKept } from '@/lib/kept';
import { chosen } from './entryChoices';
import { Outcome } from './Outcome';
import { useOpensWithN } from './useOpensWithN';
import classes from './write.module.css';

/** What the list says of somebody who is no user here. */
const outside = 'outside';

type CareTeamFormProps = { patientId: string; name: string; colleagues: readonly ColleagueView[] };

export function CareTeamForm({ patientId, name, colleagues }: CareTeamFormProps) {
  const create = useEntryCreate(patientId);
  const form = useRef<HTMLFormElement>(null);
  const [who, setWho] = useKept<string>('write/member/who', '');
  const [text, setText] = useKept<string>('write/member/name', '');
  const [role, setRole] = useKept<string>('write/member/role', '');
  const [day, setDay] = useKept<string>('write/member/day', '');
  const [note, setNote] = useKept<string>('write/member/note', '');
  const [mistake, setMistake] = useState<{ field: 'who' | 'name'; words: string }>();
  useOpensWithN(() => form.current && focusField(form.current, 'who'));
  const colleague = colleagues.find((one) => one.id === who);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const from = event.currentTarget;
    create.reset();
    const missing = missingIn();
    setMistake(missing);
    if (missing !== undefined) return focusField(from, missing.field);
    create.mutate(
      { patientId, chartOnScreen: patientId, kind: 'care-team-member', text: colleague === undefined ? text : '', detail: role, day, note, code: null, udi: null, member: colleague?.id ?? null, ...chosen(null, '') },
      {
        onSuccess: () => {
          [setWho, setText, setRole, setDay, setNote].forEach((empty) => empty(''));
          requestAnimationFrame(() => form.current && focusField(form.current, 'who'));
        },
      },
    );
  }

  function missingIn() {
    if (who !== outside && colleague === undefined) return { field: 'who', words: t`Choose who it is` } as const;
    return who === outside && text.trim() === '' ? ({ field: 'name', words: t`Type who it is` } as const) : undefined;
  }

  return (
    <form ref={form} className={classes.panel} aria-label={t`Add to the care team`} noValidate autoComplete="off" onSubmit={submit}>
      <div className={classes.line}>
        <div className={classes.field}>
          <label htmlFor="member-who">{t`Who`}</label>
          <select id="member-who" name="who" className={classes.select} value={who} aria-required aria-invalid={mistake?.field === 'who'} onChange={(event) => setWho(event.currentTarget.value)}>
            <option value="">{t`Not chosen`}</option>
            {colleagues.map((one) => (
              <option key={one.id} value={one.id}>
                {`${one.name}, ${one.role}`}
              </option>
            ))}
            <option value={outside}>{t`Somebody outside, by name`}</option>
          </select>
        </div>
        {who === outside ? (
          <div className={classes.field}>
            <label htmlFor="member-name">{t`Name`}</label>
            <input id="member-name" name="name" className={`${classes.input} ${classes.words}`} maxLength={200} value={text} aria-required aria-invalid={mistake?.field === 'name'} onChange={(event) => setText(event.currentTarget.value)} />
          </div>
        ) : null}
        <div className={classes.field}>
          <label htmlFor="member-role">{colleague === undefined ? t`Role` : t`Role, ${colleague.role} if empty`}</label>
          <input id="member-role" name="role" className={classes.input} style={{ width: 180 }} maxLength={200} value={role} onChange={(event) => setRole(event.currentTarget.value)} />
        </div>
        <div className={classes.field}>
          <label htmlFor="member-day">{t`Since, today if empty`}</label>
          <input id="member-day" name="day" className={classes.input} style={{ width: 140 }} maxLength={10} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        </div>
        <div className={`${classes.field} ${classes.reason}`}>
          <label htmlFor="member-note">{t`Note`}</label>
          <input id="member-note" name="note" className={classes.input} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        </div>
        <Button type="submit" className={classes.confirm} loading={create.isPending}>
          {t`Add this member for ${name}`}
        </Button>
      </div>
      <p className={classes.quiet}>
        {colleagues.length === 0
          ? t`N comes here, Enter adds. Nobody of this workstation is linked to a practitioner, so members are added by name.`
          : t`N comes here, Enter adds. Who is a user here opens this chart from their next unlock on, until they leave the team. Nobody adds themselves: somebody else does.`}
      </p>
      <Outcome patientId={patientId} data={create.data} error={create.error} mistake={mistake?.words} />
    </form>
  );
}
