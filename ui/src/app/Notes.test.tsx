// Notes in the whole window: from the home page, over the lock, and with the authentication that a signature asks for.
import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockByIdleTime, mock, resetMock } from '@/api/mock';
import { someNotes } from '@/api/mockNote';
import { App } from './App';

const place = (patientId: string | null, section = 'summary') =>
  JSON.stringify({ page: patientId === null ? 'home' : 'chart', patientId, charts: patientId === null ? [] : [{ patientId, section, slot: 0 }], focus: null, kept: {}, scrolled: {} });
const calls = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);
const unlock = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.type(await screen.findByLabelText('Password'), 'correct horse battery');
  await user.keyboard('{Enter}');
};
async function write(text: string) {
  const user = userEvent.setup();
  mock.place = place('p0');
  render(<App />);
  await screen.findByRole('tab', { name: /^Summary/ });
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  await user.keyboard('{Alt>}[KeyN]{/Alt}');
  await waitFor(() => expect(screen.getByRole('button', { name: 'Progress note' })).toHaveFocus());
  await user.keyboard('1');
  await screen.findByRole('textbox', { name: 'Since the last visit' });
  await user.keyboard(text);
  return user;
}

describe('notes in the window', () => {
  beforeEach(() => resetMock('physician'));

  it('are signed from an open chart by keys alone', async () => {
    const user = await write('Better.');
    await user.keyboard('{Control>}{Enter}{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Show again that it is you' });
    expect(dialog).toHaveTextContent('this is asked to sign. It is for this one signature.');
    await waitFor(() => expect(within(dialog).getByLabelText('Your password, again')).toHaveFocus());
    await user.keyboard('correct horse battery{Enter}');
    await waitFor(() => expect(screen.getByText('Signed: Progress note')).toHaveFocus());
    expect(calls('sessionReauthenticate')).toEqual([{ purpose: 'signing' }]);
    expect(mock.notes.signed[0]).toMatchObject({ patientId: 'p0', author: 'Dr A. OKAFOR', sections: [{ text: 'Better.' }, {}, {}] });
  });

  it('are stored before Ctrl+L locks', async () => {
    const user = await write('Typed just now');
    await user.keyboard('{Control>}l{/Control}');
    await screen.findByRole('heading', { name: 'Locked' });
    expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('Typed just now');
    expect(document.documentElement.outerHTML).not.toMatch(/Typed just now|SMITH/);
  });

  it('lose nothing when the core locks by itself between two saves', async () => {
    // However slow this machine is, no save comes through before the lock.
    mock.failures.noteDraftUpdate = { code: 'busy', message: 'another long task is running' };
    const user = await write('Not stored yet');
    await waitFor(() => expect(mock.place).toContain('Not stored yet'));
    act(() => lockByIdleTime());
    await screen.findByRole('heading', { name: 'Locked' });
    expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('');
    delete mock.failures.noteDraftUpdate;
    await unlock(user);
    const field = await screen.findByRole('textbox', { name: 'Since the last visit' });
    expect(field).toHaveValue('Not stored yet');
    await waitFor(() => expect(field, 'the caret is where it was').toHaveFocus());
    await waitFor(() => expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('Not stored yet'), { timeout: 4_000 });
    await waitFor(() => expect(mock.place, 'and is kept there no longer').not.toContain('Not stored yet'), { timeout: 4_000 });
  });

  it('are stored in their own chart when another one is opened in the middle of a word', async () => {
    const user = await write('Half a wo');
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox', { name: 'Search patients and commands' }), 'oyelaran tunde');
    await screen.findAllByRole('option', { name: /OYELARAN, Tunde/ });
    await user.keyboard('{Enter}');
    await waitFor(() => expect(mock.written.onScreen).toBe('p2'));
    expect(mock.notes.drafts).toMatchObject([{ patientId: 'p0', sections: [{ text: 'Half a wo' }, {}, {}, {}] }]);
  });

  it('open from the home page where they stand: a draft to write on, another’s note to be cosigned', async () => {
    const user = await write('Better.');
    mock.notes = { ...mock.notes, signed: someNotes().signed };
    await user.click(within(screen.getByRole('navigation', { name: 'Pages' })).getByRole('button', { name: 'Home' }));
    const table = await screen.findByRole('table', { name: 'Notes to sign' });
    await user.click(within(table).getAllByRole('button', { name: /^Open the Progress note of SMITH, Jane/ })[1]!);
    expect(await screen.findByRole('textbox', { name: 'Since the last visit' })).toHaveValue('Better.');
    await user.click(within(screen.getByRole('navigation', { name: 'Pages' })).getByRole('button', { name: 'Home' }));
    await user.click((await screen.findAllByRole('button', { name: /^Open the Progress note of SMITH, Jane/ }))[0]!);
    expect(await screen.findByRole('button', { name: /^Cosign this note for SMITH, Jane/ })).toBeVisible();
    expect(screen.queryByRole('textbox', { name: 'Since the last visit' })).toBeNull();
  });

  it('are asked of nobody who writes none', async () => {
    resetMock('billing');
    render(<App />);
    await screen.findByText('No chart opened yet');
    expect(screen.queryByRole('heading', { name: 'Notes to sign' })).toBeNull();
    expect(calls('unsignedNoteSearch')).toEqual([]);
  });
});
