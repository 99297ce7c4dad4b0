import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { someNotes } from '@/api/mockNote';
import { titles } from '@/api/mockNoteText';
import type { CosignRow, UnsignedNoteRow } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { UnsignedNotes } from './UnsignedNotes';

const draft = (id: string, owner: string) => ({
  id, owner, patientId: 'p3', version: 1, kind: 'telephone' as const, title: titles.telephone, follows: null, sections: [], began: '27-Nov-2026 09:00', saved: '27-Nov-2026 09:05', cosigners: [], encounters: [],
});

describe('notes to sign', () => {
  beforeEach(() => resetMock('physician'));

  it('are the own drafts and the notes that wait for the own signature, each with its patient', async () => {
    mock.notes = { ...someNotes(), drafts: [draft('d1', 'u1'), draft('d2', 'u2')] };
    const onDraft = vi.fn<(row: UnsignedNoteRow) => void>();
    const onCosign = vi.fn<(row: CosignRow) => void>();
    renderScreen(<UnsignedNotes onDraft={onDraft} onCosign={onCosign} />);
    const table = await screen.findByRole('table', { name: 'Notes to sign' });
    const [, ...rows] = within(table).getAllByRole('row');
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/Progress note.*SMITH, Jane.*Dr I. MARCHETTI asks for your signature/),
      expect.stringMatching(/Telephone note.*MÜLLER, Karl.*27-Nov-2026 09:00.*Your draft/),
    ]);
    await expectAccessible();
    const user = userEvent.setup();
    await user.click(within(table).getByRole('button', { name: /^Open the Telephone note of MÜLLER, Karl/ }));
    expect(onDraft.mock.calls[0]?.[0]).toMatchObject({ id: 'd1', patient: { patientId: 'p3' } });
    await user.keyboard('k{Enter}');
    expect(onCosign.mock.calls[0]?.[0]).toMatchObject({ id: 'no1', patient: { patientId: 'p0' } });
  });

  it('are one quiet line when there are none', async () => {
    renderScreen(<UnsignedNotes onDraft={() => undefined} onCosign={() => undefined} />);
    expect(await screen.findByText('Nothing waits for your signature.')).toBeVisible();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('are never called none when they could not be read', async () => {
    mock.failures.unsignedNoteSearch = { code: 'internal', message: 'the store did not answer' };
    renderScreen(<UnsignedNotes onDraft={() => undefined} onCosign={() => undefined} />);
    expect(await screen.findByRole('alert')).toHaveTextContent('The store did not answer.');
    expect(screen.queryByText('Nothing waits for your signature.')).toBeNull();
  });
});
