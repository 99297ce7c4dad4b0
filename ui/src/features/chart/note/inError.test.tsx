import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import { someNotes } from '@/api/mockNote';
import { AskContext } from '@/api/reauthentication';
import { KeepWith } from '@/lib/kept';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';
import { atNote } from './place';

vi.mock('uplot', () => ({
  default: class {
    destroy() {}
    redraw() {}
    setSize() {}
  },
}));

const name = patients[0]?.name ?? '';
const asked: string[] = [];

/** Whoever is asked authenticates. */
function ask(purpose: string) {
  asked.push(purpose);
  mock.notes.fresh = true;
  return Promise.resolve(true);
}

async function openNote(id: string) {
  const kept = new Map(Object.entries(atNote(id).kept));
  renderScreen(
    <KeepWith keeper={{ read: (key) => kept.get(key), write: (key, value) => void kept.set(key, value) }}>
      <AskContext value={ask}>
        <ChartPage patientId="p0" section="documents" onSection={() => undefined} />
      </AskContext>
    </KeepWith>,
  );
  await screen.findByRole('region', { name: 'Text of the note' });
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  return { user: userEvent.setup() };
}

const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);

describe('a signed note', () => {
  beforeEach(() => {
    resetMock('physician');
    asked.length = 0;
    mock.notes = someNotes();
  });

  it('in the wrong chart is marked by its author with a reason, struck out, and followed no more', async () => {
    const { user } = await openNote('no2');
    await user.click(screen.getByRole('button', { name: 'Mark as entered in error' }));
    expect(screen.getByRole('textbox', { name: 'Why it was entered in error' })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('textbox', { name: 'Why it was entered in error' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Mark as entered in error' }));
    await user.keyboard('Written in the wrong chart');
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: `Mark this note as entered in error for ${name}` }));
    const mark = await screen.findByRole('region', { name: 'Entered in error' });
    expect(mark).toHaveTextContent(/This note does not count. Dr A. OKAFOR marked it on .*Written in the wrong chart/);
    expect(asked).toEqual(['signing']);
    expect(requestsOf('noteMarkInError').at(-1)).toEqual({ patientId: 'p0', chartOnScreen: 'p0', id: 'no2', whose: 'own', reason: 'Written in the wrong chart' });
    const text = screen.getByRole('region', { name: 'Text of the note' });
    expect(text.querySelector('del'), 'it can still be read').toHaveTextContent('Chest tightness');
    expect(mark.compareDocumentPosition(text), 'said before its text').toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(screen.queryByRole('button', { name: 'Write an amendment' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Mark as entered in error' })).toBeNull();
    expect(await screen.findByRole('row', { name: /^History and physical 25-Nov-2026.*Dr A. OKAFOR/ })).toBeVisible();
    await expectAccessible();
  });

  it('of somebody else is marked as such, and by whoever may alone', async () => {
    const { user } = await openNote('no6');
    await user.click(screen.getByRole('button', { name: 'Mark as entered in error' }));
    await user.keyboard('Of another patient');
    await user.click(screen.getByRole('button', { name: `Mark this note as entered in error for ${name}` }));
    await screen.findByRole('region', { name: 'Entered in error' });
    expect(requestsOf('noteMarkInError').at(-1)).toMatchObject({ id: 'no6', whose: 'another' });
  });

  it('whose mark does not hold counts, and says what is wrong', async () => {
    mock.notes.signed = mock.notes.signed.map((one) => (one.id === 'no7' && one.error !== null ? { ...one, error: { ...one.error, check: 'broken' as const } } : one));
    await openNote('no7');
    const text = screen.getByRole('region', { name: 'Text of the note' });
    expect(text.querySelector('del')).toBeNull();
    expect(screen.queryByRole('region', { name: 'Entered in error' })).toBeNull();
    expect(screen.getAllByRole('alert').some((one) => one.textContent.includes('The note counts'))).toBe(true);
    expect(screen.getByRole('button', { name: 'Write an addendum' })).toBeVisible();
  });
});
