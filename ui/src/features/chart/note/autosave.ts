// Stores a draft while it is written: soon after a pause, at the latest every few seconds, and never two saves at once.
import { failureOf, type Failure } from '@/api/client';
import type { NoteDraftSavedView, NoteDraftView, NoteSection } from '@/api/types';
import { markOf, piecesOf, readUnstored, resumed, splicesBetween, writeUnstored, type Piece } from './unstored';

export const pause = 1_000;
export const longestWait = 5_000;
const again = 10_000;

type Send = (version: number, sections: NoteSection[]) => Promise<NoteDraftSavedView>;
type Place = { read(): unknown; write(text: string | null): void };

/** `stored`: all of it. `storing`: it goes there or will in a moment. `failed`: not yet. `conflict`: not before it was read again. */
export type Phase = 'stored' | 'storing' | 'failed' | 'conflict';

export type Writing = { sections: readonly NoteSection[]; phase: Phase; saved: string; failure: Failure | null; pieces: readonly Piece[] };

export class Autosave {
  private version: number;
  private stored: readonly NoteSection[];
  private sent: readonly NoteSection[] | null = null;
  private flight: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Since when something waits to be stored. */
  private waitsSince: number | null = null;
  private over = false;
  private gone = false;
  /** How often its editor was opened. */
  private visits = 0;
  private writing: Writing;
  private readonly listeners = new Set<() => void>();

  constructor(
    draft: Pick<NoteDraftView, 'version' | 'sections' | 'saved'>,
    private readonly send: Send,
    private readonly place: Place,
  ) {
    this.version = draft.version;
    this.stored = draft.sections;
    const { sections, pieces } = resumed(draft, readUnstored(place.read()));
    this.writing = { sections, pieces, phase: 'stored', saved: draft.saved, failure: null };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.writing;

  /** What an unlock brought back is stored; also after it was ended, since React may draw the same editor twice. */
  begin(): void {
    this.visits += 1;
    this.goOn();
  }

  /** Stores what is not stored once more and then no more: whoever comes back begins anew, from what is kept. */
  async leave(): Promise<void> {
    const visit = this.visits;
    await this.flush();
    if (visit === this.visits) await this.end();
  }

  type(index: number, text: string): void {
    const sections = this.writing.sections.map((section, at) => (at === index ? { ...section, text } : section));
    this.say({ sections });
    this.keep();
    this.wait();
  }

  /** Stores what is not stored; whether all of it is then. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.flight !== null) await this.flight;
    if (!this.isDirty()) return true;
    if (this.isStuck()) return false;
    await this.store();
    return this.writing.phase === 'failed' || this.writing.phase === 'conflict' ? false : this.flush();
  }

  /** Nothing is stored from here on: the draft is being signed or thrown away. Answers with its version. */
  async end(): Promise<number> {
    this.over = true;
    clearTimeout(this.timer);
    if (this.flight !== null) await this.flight;
    return this.version;
  }

  /** It was neither signed nor thrown away: it is stored on, unless it was changed elsewhere. */
  refused(failure: Failure): void {
    this.over = false;
    if (failure.code === 'version-conflict') this.say({ phase: 'conflict', failure });
    else this.goOn();
  }

  /** It was signed or thrown away: nothing is left to be kept. */
  forget(): void {
    this.over = true;
    this.gone = true;
    clearTimeout(this.timer);
    this.place.write(null);
  }

  readonly isGone = () => this.gone;

  /** Takes the draft as it is stored now; what was typed and is not in it stands beside it. */
  take(draft: NoteDraftView): void {
    const typed = piecesOf(this.stored, splicesBetween(this.stored, this.writing.sections));
    this.version = draft.version;
    this.stored = draft.sections;
    this.sent = null;
    this.waitsSince = null;
    this.say({ sections: draft.sections, pieces: [...this.writing.pieces, ...typed], phase: 'stored', saved: draft.saved, failure: null });
    this.keep();
  }

  /** Puts a piece at the end of its section, or leaves it out. */
  settle(piece: Piece, add: boolean): void {
    this.say({ pieces: this.writing.pieces.filter((one) => one !== piece) });
    const index = this.writing.sections.findIndex((section) => section.title === piece.title);
    const text = this.writing.sections[index]?.text ?? '';
    if (add && index >= 0) this.type(index, text === '' ? piece.text : `${text}\n${piece.text}`);
    else this.keep();
  }

  private goOn(): void {
    this.over = false;
    this.keep();
    if (this.isDirty()) this.wait();
  }

  private isDirty = () => splicesBetween(this.stored, this.writing.sections).length > 0;

  private isStuck = () => this.over || this.writing.phase === 'conflict';

  private wait(): void {
    clearTimeout(this.timer);
    if (this.isStuck()) return;
    if (!this.isDirty()) {
      this.waitsSince = null;
      if (this.flight === null) this.say({ phase: 'stored', failure: null });
      return;
    }
    this.waitsSince ??= Date.now();
    if (this.writing.phase === 'stored') this.say({ phase: 'storing' });
    this.timer = setTimeout(() => void this.store(), Math.max(0, Math.min(pause, this.waitsSince + longestWait - Date.now())));
  }

  private store(): Promise<void> {
    this.flight ??= this.sendOnce().finally(() => {
      this.flight = null;
    });
    return this.flight;
  }

  private async sendOnce(): Promise<void> {
    if (this.isStuck() || !this.isDirty()) return;
    const sections = this.writing.sections;
    this.waitsSince = null;
    this.sent = sections;
    this.say({ phase: 'storing' });
    this.keep();
    try {
      const { version, saved } = await this.send(this.version, [...sections]);
      this.version = version;
      this.stored = sections;
      this.sent = null;
      this.say({ phase: this.isDirty() ? 'storing' : 'stored', saved, failure: null });
      this.keep();
      if (this.isDirty()) this.wait();
    } catch (error) {
      const failure = failureOf(error);
      // What the core refused it has not stored; without an answer that is not known.
      if (failure.code !== 'internal') this.sent = null;
      this.say({ phase: failure.code === 'version-conflict' ? 'conflict' : 'failed', failure });
      this.keep();
      clearTimeout(this.timer);
      if (!this.isStuck() && failure.code !== 'not-found') this.timer = setTimeout(() => void this.store(), again);
    }
  }

  private say(change: Partial<Writing>): void {
    this.writing = { ...this.writing, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Over a lock, and wherever the user goes, until it is stored. */
  private keep(): void {
    const { sections, pieces } = this.writing;
    const sent = this.sent === null ? null : { mark: markOf(this.sent), splices: splicesBetween(this.sent, sections) };
    this.place.write(writeUnstored({ version: this.version, splices: splicesBetween(this.stored, sections), sent, pieces }));
  }
}
