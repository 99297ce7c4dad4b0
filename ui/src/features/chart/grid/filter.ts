// Progressive matching: every word typed must occur somewhere in the row; case and accents do not matter.

export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The indexes of the texts that hold every word of what was typed. */
export function matching(texts: readonly string[], typed: string): number[] {
  const words = plain(typed).split(/\s+/).filter((word) => word !== '');
  const found: number[] = [];
  texts.forEach((text, index) => {
    if (words.every((word) => text.includes(word))) found.push(index);
  });
  return found;
}
