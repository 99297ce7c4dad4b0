// A note while it is written: its headings, how far it is stored, and the ways out: sign it, keep it, throw it away.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { failureOf } from '@/api/client';
import { noteDraftRead, useNoteSign } from '@/api/notes';
import { storeFirst } from '@/api/onScreen';
import type { NoteDraftView, WrittenView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { moment } from '@/lib/language/moment';
import { useNoteAsked } from './asked';
import { NoteField, noteFieldId } from './NoteField';
import { Pieces } from './Pieces';
import { SaveState } from './SaveState';
import { ThrowAway } from './ThrowAway';
import { useAutosave } from './useAutosave';
import { encounterOf, noEncounter, WhichEncounter } from './WhichEncounter';
import { nounOf } from './words';
import classes from './note.module.css';

type NoteEditorProps = { patientId: string; name: string; draft: NoteDraftView; onClose(): void; onSigned(written: WrittenView): void };

export function NoteEditor({ patientId, name, draft, onClose, onSigned }: NoteEditorProps) {
  const { autosave, writing } = useAutosave(patientId, draft);
  const sign = useNoteSign(patientId);
  const [busy, setBusy] = useState(false);
  const [cosigner, setCosigner] = useKept<string>('note/cosigner', '');
  const [chosen, setChosen] = useKept<string>(`note/encounter/${draft.id}`, '');
  const [asking, setAsking] = useState(false);
  const [again, setAgain] = useState<{ reading: boolean; problem: unknown }>({ reading: false, problem: null });
  const [problem, setProblem] = useState('');
  const first = useRef(true);
  const noun = nounOf(draft);
  // One note at a time: Alt+N is no wish that waits for this one to be closed.
  useNoteAsked(() => undefined);
  const { sections, phase, pieces } = writing;

  useEffect(() => {
    if (!first.current) return;
    first.current = false;
    const empty = autosave.snapshot().sections.findIndex((section) => section.text.trim() === '');
    const field = document.getElementById(noteFieldId(Math.max(0, empty)));
    field?.focus();
  }, [autosave]);

  async function signIt(choice = chosen) {
    if (busy) return;
    setProblem('');
    sign.reset();
    if (pieces.length > 0) return setProblem(t`Decide first about what was typed and is not in the draft.`);
    const encounter = encounterOf(draft.encounters, choice);
    setAsking(encounter === undefined);
    if (encounter === undefined) return;
    setBusy(true);
    try {
      if (!(await autosave.flush())) return setProblem(t`Not signed: what was typed last is not stored yet.`);
      const version = await autosave.end();
      const written = await sign.mutateAsync({ patientId, chartOnScreen: patientId, id: draft.id, version, cosigner: cosigner === '' ? null : cosigner, encounter });
      autosave.forget();
      setCosigner('');
      setChosen('');
      onSigned(written);
    } catch (error) {
      const failure = failureOf(error);
      setProblem(failure.code === 'reauthentication-needed' ? t`Not signed. The draft is stored.` : sentence(failure.message));
      autosave.refused(failure);
    } finally {
      setBusy(false);
    }
  }

  async function keepIt() {
    if (busy) return;
    if (await autosave.flush()) onClose();
    else setProblem(t`It stays open, since it is not stored yet.`);
  }

  async function readAgain() {
    setAgain({ reading: true, problem: null });
    try {
      autosave.take(await noteDraftRead({ patientId, id: draft.id }));
      setAgain({ reading: false, problem: null });
    } catch (error) {
      setAgain({ reading: false, problem: error });
    }
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && event.ctrlKey) {
      event.preventDefault();
      void signIt();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      void keepIt();
    }
  }

  function left(event: FocusEvent<HTMLElement>) {
    if (!event.currentTarget.contains(event.relatedTarget)) storeFirst(autosave.flush());
  }

  return (
    // The keys work from anywhere in the editor.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only listens
    <section aria-label={draft.title} className={classes.editor} onKeyDown={press} onBlur={left}>
      <header className={classes.head}>
        <h2 className={classes.title}>{draft.title}</h2>
        <span className={classes.quiet}>{t`Draft, begun ${draft.began}`}</span>
        <SaveState writing={writing} reading={again.reading} readProblem={again.problem} onReadAgain={() => void readAgain()} />
      </header>
      <div id="note-editor" data-scrolls className={classes.body}>
        <div className={classes.page}>
          <Pieces autosave={autosave} pieces={pieces} />
          {sections.map((section, index) => (
            <NoteField key={`${index} ${section.title}`} index={index} section={section} readOnly={busy || phase === 'conflict'} onType={(text) => autosave.type(index, text)} />
          ))}
        </div>
      </div>
      <footer className={classes.foot}>
        {asking ? (
          <WhichEncounter
            encounters={draft.encounters}
            onLeave={() => setAsking(false)}
            onChoose={(encounter) => {
              setChosen(encounter);
              void signIt(encounter);
            }}
          />
        ) : null}
        <div className={classes.actions}>
          <Button className={classes.confirm} aria-keyshortcuts="Control+Enter" loading={busy} onClick={() => void signIt()}>
            {t`Sign this ${noun} for ${name}`}
          </Button>
          {draft.cosigners.length === 0 ? null : (
            <span className={classes.cosigner}>
              <label htmlFor="note-cosigner">{t`Ask for a cosignature`}</label>
              <select id="note-cosigner" className={classes.select} value={cosigner} disabled={busy} onChange={(event) => setCosigner(event.currentTarget.value)}>
                <option value="">{t`Of nobody`}</option>
                {draft.cosigners.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            </span>
          )}
          {draft.encounters.length === 0 ? null : (
            <span className={classes.cosigner}>
              <label htmlFor="note-encounter">{t`Encounter`}</label>
              <select id="note-encounter" className={classes.select} value={encounterOf(draft.encounters, chosen) ?? (chosen === noEncounter ? noEncounter : '')} disabled={busy} onChange={(event) => setChosen(event.currentTarget.value)}>
                {draft.encounters.length > 1 ? <option value="">{t`Asked when it is signed`}</option> : null}
                {draft.encounters.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.own ? t`${moment(one.words)}, with you` : moment(one.words)}
                  </option>
                ))}
                <option value={noEncounter}>{t({ message: 'None', context: 'encounter' })}</option>
              </select>
            </span>
          )}
          <button type="button" className={classes.button} aria-keyshortcuts="Escape" disabled={busy} onClick={() => void keepIt()}>
            {t`Keep as draft and close`}
          </button>
          <ThrowAway patientId={patientId} id={draft.id} noun={noun} name={name} autosave={autosave} disabled={busy} onGone={onClose} />
        </div>
        <p className={classes.quiet}>{t`Ctrl+Enter signs, Esc keeps the draft and closes. A line that begins with “- ” goes on as a list. Headings without text are left out.`}</p>
        <div role="alert" className={classes.problem}>
          {problem}
        </div>
      </footer>
    </section>
  );
}
