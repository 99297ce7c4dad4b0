// Lists in plain text: Enter after a line that begins with `- ` begins the next one, and Enter on an empty one ends the list.

/** What Enter does at the caret: this much before it goes, this text comes; null where it does what it always does. */
export function atEnter(text: string, caret: number): { gone: number; text: string } | null {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  const item = /^(\s*- )(.*)$/.exec(line);
  if (item === null) return null;
  const [, sign = '', words = ''] = item;
  return words.trim() === '' ? { gone: line.length, text: '' } : { gone: 0, text: `\n${sign}` };
}
