// What was typed since a draft was stored last, as changes to that version: small enough to be kept over a lock at every keystroke.
import type { NoteSection } from '@/api/types';

/** In a section, from there on: so much is gone, and this stands instead. */
export type Splice = readonly [section: number, at: number, gone: number, text: string];

/** Text that found no place in the draft as it is stored now. */
export type Piece = { title: string; text: string };

export type Unstored = {
  /** The version that the changes are based on. */
  version: number;
  splices: readonly Splice[];
  /** What was on its way when this was kept: how to know it again, and what was typed after it. */
  sent: { mark: number; splices: readonly Splice[] } | null;
  /** What a newer version left without a place, until somebody decides about it. */
  pieces: readonly Piece[];
};

/** One change for each section that differs. */
export function splicesBetween(before: readonly NoteSection[], after: readonly NoteSection[]): Splice[] {
  return after.flatMap((section, index) => {
    const old = before[index]?.text ?? '';
    const now = section.text;
    if (old === now) return [];
    const most = Math.min(old.length, now.length);
    let start = 0;
    while (start < most && old[start] === now[start]) start += 1;
    let end = 0;
    while (end < most - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
    return [[index, start, old.length - start - end, now.slice(start, now.length - end)] as const];
  });
}

export function spliced(sections: readonly NoteSection[], splices: readonly Splice[]): NoteSection[] {
  return sections.map((section, index) => {
    const splice = splices.find(([of]) => of === index);
    if (splice === undefined) return section;
    const [, at, gone, text] = splice;
    return { ...section, text: section.text.slice(0, at) + text + section.text.slice(at + gone) };
  });
}

/** What the changes wrote, without where. */
export function piecesOf(sections: readonly NoteSection[], splices: readonly Splice[]): Piece[] {
  return splices.filter(([, , , text]) => text.trim() !== '').map(([index, , , text]) => ({ title: sections[index]?.title ?? '', text }));
}

/** Knows a text again (FNV-1a); nobody relies on it against malice. */
export function markOf(sections: readonly NoteSection[]): number {
  let mark = 0x811c9dc5;
  for (const { text } of sections) {
    for (let at = 0; at < text.length; at += 1) mark = Math.imul(mark ^ text.charCodeAt(at), 0x01000193) >>> 0;
    mark = Math.imul(mark ^ 0xffff, 0x01000193) >>> 0;
  }
  return mark;
}

type Base = { version: number; sections: readonly NoteSection[] };
type Resumed = { sections: NoteSection[]; pieces: Piece[] };

/** The draft as it is stored, with what was typed and not stored; what fits nowhere any more comes beside it. */
export function resumed(draft: Base, kept: Unstored | null): Resumed {
  const sections = [...draft.sections];
  if (kept === null) return { sections, pieces: [] };
  const pieces = [...kept.pieces];
  if (kept.version === draft.version) return { sections: spliced(sections, kept.splices), pieces };
  // It was stored after all, and only the answer did not come back before the lock.
  if (kept.sent !== null && kept.sent.mark === markOf(sections)) return { sections: spliced(sections, kept.sent.splices), pieces };
  return { sections, pieces: [...pieces, ...piecesOf(sections, kept.splices)] };
}

/** A place holds 16 KiB in all; what is longer than this waits for the next save alone. */
const longest = 6_000;

export function writeUnstored(unstored: Unstored): string | null {
  const nothing = unstored.splices.length === 0 && unstored.pieces.length === 0 && unstored.sent === null;
  if (nothing) return null;
  const text = JSON.stringify(unstored);
  return text.length > longest ? null : text;
}

/** Null for what is none: a newer or an older program may have written it. */
export function readUnstored(text: unknown): Unstored | null {
  if (typeof text !== 'string') return null;
  try {
    const value = JSON.parse(text) as Partial<Unstored>;
    if (typeof value.version !== 'number' || !Array.isArray(value.splices) || !Array.isArray(value.pieces)) return null;
    return { version: value.version, splices: value.splices as Splice[], sent: value.sent ?? null, pieces: value.pieces as Piece[] };
  } catch {
    return null;
  }
}
