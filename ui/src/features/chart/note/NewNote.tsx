// A note is begun: N, then its digit. And the user's own drafts of this chart, to go on with.
import { t } from '@lingui/core/macro';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { failureOf } from '@/api/client';
import { useNoteDraftCreate } from '@/api/notes';
import type { NoteDraftRow, NoteDraftView, NoteTemplateView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { useRowKeys } from '@/components/useRowKeys';
import { useUnstored } from '@/lib/kept';
import { moment } from '@/lib/language/moment';
import { useOpensWithN } from '../write/useOpensWithN';
import { useNoteAsked } from './asked';
import { unstoredName } from './useAutosave';
import classes from './note.module.css';

type NewNoteProps = {
  patientId: string;
  templates: readonly NoteTemplateView[];
  drafts: readonly NoteDraftRow[];
  /** The draft whose editor was just closed: there the next key goes on. */
  left: string | null;
  onBegun(draft: NoteDraftView): void;
  onDraft(id: string): void;
};

export function NewNote({ patientId, templates, drafts, left, onBegun, onDraft }: NewNoteProps) {
  const create = useNoteDraftCreate();
  const row = useRef<HTMLDivElement>(null);
  const buttons = () => [...(row.current?.querySelectorAll('button') ?? [])];
  const focusFirst = () => buttons()[0]?.focus();
  useOpensWithN(focusFirst);
  useNoteAsked(focusFirst);
  const section = useRef<HTMLElement>(null);
  // A draft that was just begun joins the list a moment later; whoever has moved on by then is left alone.
  useEffect(() => {
    const at = document.activeElement;
    const stayed = at === null || at.contains(section.current) || section.current?.contains(at) === true;
    if (left === null || !stayed) return;
    (document.getElementById(rowId(left)) ?? row.current?.querySelector('button'))?.focus();
  }, [left, drafts]);

  function begin({ kind }: NoteTemplateView) {
    if (!create.isPending) create.mutate({ patientId, chartOnScreen: patientId, kind, follows: null }, { onSuccess: onBegun });
  }

  function press(event: KeyboardEvent<HTMLButtonElement>, index: number) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = steps[event.key];
    const digit = /^[1-9]$/.test(event.key) ? templates[Number(event.key) - 1] : undefined;
    if (digit !== undefined) begin(digit);
    else if (step !== undefined) buttons()[(index + step + templates.length) % templates.length]?.focus();
    else if (event.key === 'Home') focusFirst();
    else if (event.key === 'End') buttons().at(-1)?.focus();
    else return;
    event.preventDefault();
  }

  return (
    <section ref={section} aria-label={t`Your notes`} className={classes.panel}>
      <div className={classes.begin}>
        <h2 className={classes.title}>{t`New note`}</h2>
        <div ref={row} role="group" aria-label={t`New note`} className={classes.actions}>
          {templates.map((template, index) => (
            <button key={template.kind} type="button" className={classes.button} aria-keyshortcuts={String(index + 1)} onClick={() => begin(template)} onKeyDown={(event) => press(event, index)}>
              <span aria-hidden className={classes.digit}>
                {index + 1}
              </span>
              {template.title}
            </button>
          ))}
        </div>
        <p className={classes.quiet}>{t`N comes here, Alt+N from anywhere in the chart; a digit or Enter begins.`}</p>
      </div>
      <div role="alert" className={classes.problem}>
        {create.isError ? sentence(failureOf(create.error).message) : ''}
      </div>
      {drafts.length === 0 ? null : <Drafts patientId={patientId} drafts={drafts} onDraft={onDraft} />}
    </section>
  );
}

const rowId = (id: string) => `note-draft-${id.toLowerCase()}`;

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function Drafts({ patientId, drafts, onDraft }: Pick<NewNoteProps, 'patientId' | 'drafts' | 'onDraft'>) {
  const keys = useRowKeys();
  const unstored = useUnstored();
  return (
    <ul aria-label={t`Your drafts in this chart`} className={classes.drafts}>
      {drafts.map((draft) => (
        <li key={draft.id}>
          <button type="button" id={rowId(draft.id)} data-row className={classes.draft} onClick={() => onDraft(draft.id)} onKeyDown={keys}>
            <span className={classes.mark}>{t`Draft`}</span> <strong>{draft.title}</strong> <span>{t`begun ${moment(draft.began)}`}</span> <span>{t`stored ${moment(draft.saved)}`}</span>
            {unstored.read(unstoredName(patientId, draft.id)) === undefined ? null : <span className={classes.warn}> {t`not all of it is stored: open it`}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
