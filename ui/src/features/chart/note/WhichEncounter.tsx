// To which encounter a note belongs: of several that are open the author says which, with one key, before the note is signed.
import { t } from '@lingui/core/macro';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { NoteEncounterView } from '@/api/types';
import { moment } from '@/lib/language/moment';
import classes from './note.module.css';

/** What the note's place keeps of a note that belongs to none. */
export const noEncounter = 'none';

/** The encounter that is meant without a question: what was chosen, or the only one. `undefined` where the author has to say. */
export function encounterOf(encounters: readonly NoteEncounterView[], chosen: string): string | null | undefined {
  if (chosen === noEncounter || encounters.length === 0) return null;
  const known = encounters.find((one) => one.id === chosen);
  return known?.id ?? (encounters.length === 1 ? encounters[0]?.id : undefined);
}

type WhichEncounterProps = { encounters: readonly NoteEncounterView[]; onChoose(encounter: string): void; onLeave(): void };

export function WhichEncounter({ encounters, onChoose, onLeave }: WhichEncounterProps) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  // Nine have a digit; whoever has more open chooses with the arrows of the list beside.
  const choices = [...encounters.slice(0, 9).map((one) => [one.id, one.own ? t`${moment(one.words)}, with you` : moment(one.words)] as const), [noEncounter, t`To none of them`] as const];

  function press(event: KeyboardEvent) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.key === '0' ? choices.length - 1 : Number(event.key) - 1;
    const choice = /^[0-9]$/.test(event.key) ? choices[at] : undefined;
    if (event.key !== 'Escape' && choice === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (choice === undefined) onLeave();
    else onChoose(choice[0]);
  }

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only listens
    <section aria-label={t`Which encounter`} className={classes.which} onKeyDown={press}>
      <p className={classes.plain}>{t`Several encounters are open. To which does this note belong? One key chooses and signs; Esc goes back.`}</p>
      <div className={classes.actions}>
        {choices.map(([id, words], at) => (
          <button key={id} ref={at === 0 ? first : undefined} type="button" className={classes.button} onClick={() => onChoose(id)}>
            <span className={classes.digit}>{id === noEncounter ? 0 : at + 1}</span>
            {words}
          </button>
        ))}
      </div>
    </section>
  );
}
