// One heading of a note and the text under it; the field grows with what is typed.
import type { KeyboardEvent } from 'react';
import type { NoteSection } from '@/api/types';
import { atEnter } from './listLines';
import classes from './note.module.css';

type NoteFieldProps = { index: number; section: NoteSection; readOnly: boolean; onType(text: string): void };

export const noteFieldId = (index: number) => `note-section-${index}`;

export function NoteField({ index, section, readOnly, onType }: NoteFieldProps) {
  const id = noteFieldId(index);

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    const field = event.currentTarget;
    const plain = event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!plain || readOnly || event.nativeEvent.isComposing || field.selectionStart !== field.selectionEnd) return;
    const change = atEnter(field.value, field.selectionStart);
    if (change === null) return;
    event.preventDefault();
    if (change.gone > 0) field.setSelectionRange(field.selectionStart - change.gone, field.selectionStart);
    insert(field, change.text, onType);
  }

  return (
    <div className={classes.section}>
      <label htmlFor={id} className={classes.heading}>
        {section.title}
      </label>
      {/* The twin in the style sheet holds the same text and makes the field as tall as it needs to be. */}
      <div className={classes.grows} data-text={section.text}>
        <textarea id={id} className={classes.text} rows={1} spellCheck={false} readOnly={readOnly} value={section.text} onChange={(event) => onType(event.currentTarget.value)} onKeyDown={press} />
      </div>
    </div>
  );
}

/** As if it were typed, so that Ctrl+Z takes it back; where the window cannot do that, in one piece. */
function insert(field: HTMLTextAreaElement, text: string, onType: (text: string) => void) {
  const command = text === '' ? 'delete' : 'insertText';
  if (typeof document.execCommand === 'function' && document.execCommand(command, false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  onType(field.value);
}
