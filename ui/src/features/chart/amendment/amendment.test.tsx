import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import type { AmendmentDueRow, Role, Section } from '@/api/types';
import { AmendmentsDue } from '@/features/note/AmendmentsDue';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';

vi.mock('uplot', () => ({
  default: class {
    destroy() {}
    redraw() {}
    setSize() {}
  },
}));

const name = patients[0]?.name ?? '';

function Chart() {
  const [section, setSection] = useState<Section>('amendments');
  return <ChartPage patientId="p0" section={section} onSection={setSection} />;
}

async function open(role: Role = 'physician') {
  resetMock(role);
  renderScreen(<Chart />);
  await screen.findByRole('region', { name: 'Patient' });
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  return userEvent.setup();
}

const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);

async function ask(user: ReturnType<typeof userEvent.setup>, about: string, asked: string) {
  await user.type(screen.getByRole('textbox', { name: 'What it is about' }), about);
  await user.type(screen.getByRole('textbox', { name: 'What the patient asks for, and why' }), asked);
  await user.click(screen.getByRole('button', { name: `Record this request for ${name}` }));
  return await screen.findByRole('row', { name: new RegExp(about) });
}

describe('a request for an amendment', () => {
  beforeEach(() => resetMock('physician'));

  it('is recorded by keys, denied on a ground, disagreed with and answered', async () => {
    const user = await open();
    await screen.findByText('Nothing recorded in amendments');
    await user.keyboard('n');
    expect(screen.getByRole('textbox', { name: 'What it is about' })).toHaveFocus();
    await user.click(await ask(user, 'Smoking', 'I never smoked.'));
    expect(requestsOf('amendmentCreate').at(-1)).toEqual({ patientId: 'p0', chartOnScreen: 'p0', note: null, about: 'Smoking', asked: 'I never smoked.', received: '' });
    expect(await screen.findByText('Not decided yet; to be decided by 28-Jan-2027')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Deny' }));
    await user.click(screen.getByRole('button', { name: `Deny this request for ${name}` }));
    expect(screen.getByText('Write why that is so')).toBeVisible();
    await user.type(screen.getByRole('textbox', { name: 'Why that is so, in plain words' }), 'You told us so twice.');
    await user.type(screen.getByRole('textbox', { name: /^Whom the patient writes/ }), 'Privacy officer, 555-0100');
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: `Deny this request for ${name}` }));
    expect(await screen.findByRole('region', { name: /^Denied by Dr A. OKAFOR/ })).toHaveTextContent(/accurate and complete.*You told us so twice/);
    expect(screen.queryByRole('button', { name: 'Accept' }), 'it is decided once').toBeNull();
    await user.click(screen.getByRole('button', { name: 'Add a statement of disagreement' }));
    await user.type(screen.getByRole('textbox', { name: 'What the patient states' }), 'I never said so.');
    await user.click(screen.getByRole('button', { name: `Add this statement for ${name}` }));
    expect(await screen.findByRole('region', { name: /^The patient disagrees/ })).toHaveTextContent('I never said so.');
    await user.click(await screen.findByRole('button', { name: 'Write a rebuttal' }));
    await user.type(screen.getByRole('textbox', { name: 'The rebuttal' }), 'It was said on two days.');
    await user.click(screen.getByRole('button', { name: `Add this rebuttal for ${name}` }));
    expect(await screen.findByRole('region', { name: /^Rebuttal by Dr A. OKAFOR/ })).toHaveTextContent('It was said on two days.');
    await expectAccessible();
  });

  it('about a note is accepted with a note that follows it', async () => {
    const user = await open();
    await user.selectOptions(await screen.findByRole('combobox', { name: 'In which note' }), 'no2');
    await user.click(await ask(user, 'Smoking', 'I never smoked.'));
    await user.click(await screen.findByRole('button', { name: 'Accept' }));
    await user.type(screen.getByRole('textbox', { name: 'What was done, as the patient is told' }), 'The note was amended.');
    await user.selectOptions(screen.getByRole('combobox', { name: 'The note that amends the record' }), 'no3');
    await user.click(screen.getByRole('button', { name: `Accept this request for ${name}` }));
    expect(await screen.findByRole('region', { name: /^Accepted by/ })).toHaveTextContent('The note was amended.');
    expect(requestsOf('amendmentAccept').at(-1)).toMatchObject({ id: 'am1', version: 1, amendment: 'no3' });
    expect(screen.getByText('History and physical: Amendment, 26-Nov-2026 10:42', { selector: 'dd' })).toBeVisible();
  });

  it('says what is missing, and stores nothing', async () => {
    const user = await open();
    await user.click(await screen.findByRole('button', { name: `Record this request for ${name}` }));
    expect(screen.getByText('Write what it is about, or choose the note')).toBeVisible();
    expect(requestsOf('amendmentCreate')).toEqual([]);
  });

  it('is recorded at the front desk, which reads no word of it and decides nothing', async () => {
    const user = await open('front-desk');
    await user.keyboard('n');
    await user.keyboard('Smoking');
    await user.type(screen.getByRole('textbox', { name: 'What the patient asks for, and why' }), 'I never smoked.');
    await user.click(screen.getByRole('button', { name: `Record this request for ${name}` }));
    await user.click(await screen.findByRole('row', { name: /Not shown to your role/ }));
    expect(await screen.findByRole('region', { name: /^The patient asks/ })).toHaveTextContent('Its words are not shown to your role.');
    expect(screen.queryByRole('button', { name: 'Deny' })).toBeNull();
    expect(screen.queryByRole('combobox', { name: 'In which note' })).toBeNull();
  });
});

describe('amendments to decide', () => {
  it('are listed with their day, the overdue ones in words, and lead to the request', async () => {
    const user = await open();
    await ask(user, 'Smoking', 'I never smoked.');
    mock.amendments.rows = mock.amendments.rows.flatMap((row) => [{ ...row, id: 'am9-late' }, row]);
    const onOpen = vi.fn<(row: AmendmentDueRow) => void>();
    renderScreen(<AmendmentsDue onOpen={onOpen} />);
    const table = await screen.findByRole('table', { name: 'Amendments to decide' });
    expect(within(table).getByText('28-Jan-2027, overdue')).toBeVisible();
    await user.click(within(table).getAllByRole('button', { name: /^Open the request of/ })[1] ?? table);
    expect(onOpen.mock.calls[0]?.[0]).toMatchObject({ id: 'am1', patient: { patientId: 'p0' } });
  });
});
