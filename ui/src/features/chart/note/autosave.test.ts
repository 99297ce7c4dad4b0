import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '@/api/client';
import type { NoteDraftSavedView, NoteSection } from '@/api/types';
import { Autosave, longestWait, pause } from './autosave';
import { atEnter } from './listLines';
import { markOf, piecesOf, readUnstored, resumed, spliced, splicesBetween } from './unstored';

const sections = (...texts: string[]): NoteSection[] => texts.map((text, index) => ({ title: `S${index}`, text }));

/** A core that answers when it is told to. */
function begun(kept: string | null = null, texts = sections('', 'old')) {
  const sent: { version: number; texts: string[]; answer(saved: NoteDraftSavedView): void; refuse(error: unknown): void }[] = [];
  const place = { text: kept };
  const autosave = new Autosave(
    { version: 1, sections: texts, saved: '10:40' },
    (version, all) => new Promise((answer, refuse) => sent.push({ version, texts: all.map((one) => one.text), answer, refuse })),
    { read: () => place.text, write: (text) => (place.text = text) },
  );
  autosave.begin();
  return { autosave, sent, place };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a draft', () => {
  it('is stored a second after the last key, and not before', async () => {
    const { autosave, sent } = begun();
    autosave.type(0, 'a');
    await vi.advanceTimersByTimeAsync(pause - 1);
    autosave.type(0, 'ab');
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(sent).toHaveLength(0);
    expect(autosave.snapshot().phase).toBe('storing');
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toMatchObject([{ version: 1, texts: ['ab', 'old'] }]);
    sent[0]?.answer({ version: 2, saved: '10:42' });
    await vi.advanceTimersByTimeAsync(0);
    expect(autosave.snapshot()).toMatchObject({ phase: 'stored', saved: '10:42' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent, 'and is left alone then').toHaveLength(1);
  });

  it('is stored every five seconds while somebody types on and on', async () => {
    const { autosave, sent } = begun();
    for (let at = 0; at < longestWait; at += 500) {
      autosave.type(0, `typed until ${at}`);
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(sent).toHaveLength(1);
  });

  it('is never on its way twice, and goes on from the version that was answered', async () => {
    const { autosave, sent } = begun();
    autosave.type(0, 'first');
    await vi.advanceTimersByTimeAsync(pause);
    autosave.type(0, 'first and second');
    const all = autosave.flush();
    void autosave.flush();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sent, 'the second waits for the first').toHaveLength(1);
    sent[0]?.answer({ version: 2, saved: '10:42' });
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toMatchObject([{ version: 1 }, { version: 2, texts: ['first and second', 'old'] }]);
    sent[1]?.answer({ version: 3, saved: '10:43' });
    expect(await all).toBe(true);
    expect(await autosave.end()).toBe(3);
  });

  it('that could not be stored says why, stays, and is tried again', async () => {
    const { autosave, sent } = begun();
    autosave.type(0, 'kept');
    const all = autosave.flush();
    sent[0]?.refuse(new Failure({ code: 'audit-unavailable', message: 'the entry could not be written' }));
    expect(await all).toBe(false);
    expect(autosave.snapshot()).toMatchObject({ phase: 'failed', sections: [{ text: 'kept' }, {}] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(2);
    sent[1]?.answer({ version: 2, saved: '10:44' });
    await vi.advanceTimersByTimeAsync(0);
    expect(autosave.snapshot()).toMatchObject({ phase: 'stored', failure: null });
  });

  it('that was left is tried once more and then no more, unless its editor is drawn again', async () => {
    const { autosave, sent } = begun();
    autosave.type(0, 'a');
    const left = autosave.leave();
    sent[0]?.refuse(new Failure({ code: 'internal', message: 'the disk is full' }));
    await left;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    autosave.begin();
    const again = autosave.leave();
    autosave.begin();
    sent[1]?.refuse(new Failure({ code: 'internal', message: 'the disk is full' }));
    await again;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent, 'since it is open').toHaveLength(3);
  });

  it('that was changed elsewhere is not stored over, and shows what was typed beside what it reads', async () => {
    const { autosave, sent, place } = begun();
    autosave.type(0, 'mine');
    const all = autosave.flush();
    sent[0]?.refuse(new Failure({ code: 'version-conflict', message: 'it was changed' }));
    expect(await all).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent, 'it is not tried again by itself').toHaveLength(1);
    autosave.take({ id: 'd', version: 7, kind: 'progress', title: '', follows: null, sections: sections('theirs', 'old'), began: '', saved: '10:50', cosigners: [], encounters: [] });
    const piece = { title: 'S0', text: 'mine' };
    expect(autosave.snapshot()).toMatchObject({ phase: 'stored', sections: [{ text: 'theirs' }, {}], pieces: [piece] });
    expect(readUnstored(place.text)?.pieces, 'also over a lock').toEqual([piece]);
    const [shown] = autosave.snapshot().pieces;
    if (shown) autosave.settle(shown, true);
    void autosave.flush();
    expect(sent[1]).toMatchObject({ version: 7, texts: ['theirs\nmine', 'old'] });
    expect(autosave.snapshot().pieces).toEqual([]);
  });

  it('comes back after a lock with what was typed between two saves', async () => {
    const before = begun();
    before.autosave.type(1, 'old and new');
    const after = begun(before.place.text);
    expect(after.autosave.snapshot().sections[1]?.text).toBe('old and new');
    await vi.advanceTimersByTimeAsync(pause);
    expect(after.sent).toMatchObject([{ version: 1, texts: ['', 'old and new'] }]);
  });

  it('is not stored any more while it is being signed, and goes on when it was not', async () => {
    const { autosave, sent } = begun();
    autosave.type(0, 'a');
    await autosave.end();
    expect(await autosave.flush()).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(0);
    autosave.begin();
    await vi.advanceTimersByTimeAsync(pause);
    expect(sent).toHaveLength(1);
  });

  it('is kept nowhere once all of it is stored, or it is signed', async () => {
    const { autosave, sent, place } = begun();
    autosave.type(0, 'a');
    expect(place.text).not.toBeNull();
    void autosave.flush();
    sent[0]?.answer({ version: 2, saved: '10:42' });
    await vi.advanceTimersByTimeAsync(0);
    expect(place.text).toBeNull();
    autosave.type(0, 'ab');
    autosave.forget();
    expect(place.text).toBeNull();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
  });
});

describe('what is not stored yet', () => {
  it('is a change to the version it was typed on', () => {
    const before = sections('The quick fox', 'same');
    const after = sections('The quick brown fox', 'same');
    const splices = splicesBetween(before, after);
    expect(splices).toEqual([[0, 10, 0, 'brown ']]);
    expect(spliced(before, splices)).toEqual(after);
    expect(piecesOf(before, splices)).toEqual([{ title: 'S0', text: 'brown ' }]);
  });

  it.each([
    ['aaa', 'aa'],
    ['aa', 'aaa'],
    ['', 'x'],
    ['x', ''],
    ['one two', 'two one'],
  ])('leads from “%s” to “%s”', (before, after) => {
    expect(spliced(sections(before), splicesBetween(sections(before), sections(after)))).toEqual(sections(after));
  });

  it('goes on from a save whose answer the lock swallowed', () => {
    const stored = sections('sent');
    const kept = { version: 1, splices: [[0, 0, 0, 'sent and more']] as const, sent: { mark: markOf(stored), splices: [[0, 4, 0, ' and more']] as const }, pieces: [] };
    expect(resumed({ version: 2, sections: stored }, kept)).toEqual({ sections: sections('sent and more'), pieces: [] });
    expect(resumed({ version: 2, sections: sections('of somebody else') }, kept)).toEqual({
      sections: sections('of somebody else'),
      pieces: [{ title: 'S0', text: 'sent and more' }],
    });
  });

  it('is nothing when it was written by another program', () => {
    expect(readUnstored('{"version":"1"}')).toBeNull();
    expect(readUnstored('no')).toBeNull();
    expect(readUnstored(undefined)).toBeNull();
  });
});

describe('Enter', () => {
  it('goes on with a list, ends it on an empty item, and is itself elsewhere', () => {
    expect(atEnter('- one', 5)).toEqual({ gone: 0, text: '\n- ' });
    expect(atEnter('x\n  - one', 9)).toEqual({ gone: 0, text: '\n  - ' });
    expect(atEnter('- one\n- ', 8)).toEqual({ gone: 2, text: '' });
    expect(atEnter('one', 3)).toBeNull();
    expect(atEnter('- one', 0), 'before the sign').toBeNull();
  });
});
