import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockByIdleTime, mock, resetMock, warnOfLock } from '@/api/mock';
import { expectAccessible } from '@/lib/testing/render';
import { App } from './App';

const calls = (command: string) => mock.calls.filter((call) => call.command === command);
const place = (page: string, ids: string[], shown: string | null, focus: string | null = null) =>
  JSON.stringify({
    page,
    patientId: shown,
    charts: ids.map((patientId, slot) => ({ patientId, section: 'problems', slot })),
    focus: focus === null ? null : { id: focus, start: 0, end: 0 },
  });

describe('the frame', () => {
  beforeEach(() => resetMock('physician'));

  it('always says which installation it is, who is signed in, and that the key keeper is weak', async () => {
    render(<App />);
    expect(await screen.findByText('DEMO')).toBeInTheDocument();
    expect(screen.getByText('Dr A. OKAFOR')).toBeInTheDocument();
    expect(screen.getByText(/software, not protected/)).toBeInTheDocument();
    await screen.findByText('No chart opened yet');
    await expectAccessible();
  });

  it('shows only the pages that the session may open', async () => {
    resetMock('administrator');
    render(<App />);
    const rail = await screen.findByRole('navigation', { name: 'Pages' });
    const names = within(rail).getAllByRole('button').map((button) => button.textContent);
    expect(names).toEqual(['Home', 'Users', 'Import', 'Backup', 'Keys', 'Audit', 'Device', 'My sign-in', 'Dark', 'Sign out']);
    expect(calls('patientRecent'), 'an administrator reads no patients').toHaveLength(0);
  });

  it('opens a chart from the palette by keyboard and says whose it is', async () => {
    const user = userEvent.setup();
    render(<App />);
    await screen.findByText('No chart opened yet');
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox', { name: 'Search patients and commands' }), 'oyelaran tunde');
    await screen.findAllByRole('option', { name: /OYELARAN, Tunde/ });
    await user.keyboard('{Enter}');
    const tabs = await screen.findByRole('navigation', { name: 'Open charts' });
    expect(await within(tabs).findByRole('button', { name: /^OYELARAN, Tunde.*03-Mar-1952/ })).toHaveAttribute('aria-current', 'page');
    expect(calls('patientSearch'), 'one entry for the one list that was shown').toHaveLength(1);
    expect(calls('chartRead')).toHaveLength(1);
    expect(document.title, 'the title bar names no patient').not.toMatch(/OYELARAN/);
  });

  it('asks which chart to close before a fifth opens', async () => {
    const user = userEvent.setup();
    mock.place = place('patients', ['p0', 'p1', 'p2', 'p3'], null);
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'linh');
    await user.click((await screen.findAllByRole('button', { name: /Open the chart of NGUYEN, Linh/ }))[0]!);
    expect(await screen.findByRole('heading', { name: 'Which chart should be closed?' })).toBeInTheDocument();
    await expectAccessible(screen.getByRole('main'));
    await user.click(within(screen.getByRole('main')).getByRole('button', { name: /Close OYELARAN/ }));
    const tabs = screen.getByRole('navigation', { name: 'Open charts' });
    expect(await within(tabs).findByRole('button', { name: /^NGUYEN, Linh.*, square$/ })).toHaveAttribute('aria-current', 'page');
  });

  it('holds nothing of a patient while it is locked, and brings the place back', async () => {
    const user = userEvent.setup();
    mock.place = place('patients', ['p0'], null);
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'smith');
    await screen.findAllByRole('button', { name: /Open the chart of SMITH/ });
    await user.keyboard('{Control>}l{/Control}');
    expect(await screen.findByRole('heading', { name: 'Locked' })).toBeInTheDocument();
    expect(document.documentElement.outerHTML, 'no name anywhere in the page').not.toMatch(/SMITH/i);
    await user.type(screen.getByLabelText('Password'), 'correct horse battery');
    await user.keyboard('{Enter}');
    const field = await screen.findByRole('textbox', { name: 'Find a patient' });
    await waitFor(() => expect(field, 'the focus is where it was').toHaveFocus());
    expect(await screen.findByRole('navigation', { name: 'Open charts' })).toHaveTextContent('SMITH, Jane');
  });

  it('locks when the core says so, without being asked', async () => {
    mock.place = place('chart', ['p0'], 'p0');
    render(<App />);
    await screen.findAllByText(/SMITH, Jane/);
    act(() => lockByIdleTime());
    expect(await screen.findByRole('heading', { name: 'Locked' })).toBeInTheDocument();
    expect(document.body).not.toHaveTextContent('SMITH');
    const reads = mock.calls.length;
    await new Promise((done) => setTimeout(done, 50));
    expect(mock.calls.length, 'nothing is read behind the lock page').toBe(reads);
  });

  it('keeps ids and nothing else in the stored place', async () => {
    const user = userEvent.setup();
    render(<App />);
    await user.click(await screen.findByRole('button', { name: 'Patients' }));
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'smith');
    await waitFor(() => expect(mock.place).toContain('patient-search'));
    expect(mock.place).not.toMatch(/smith/i);
  });

  it('counts down in the last minute and stops when input came', async () => {
    render(<App />);
    await screen.findByText('DEMO');
    act(() => warnOfLock(42));
    expect(await screen.findByRole('timer')).toHaveTextContent('Locks in 0:42');
    await expectAccessible();
    act(() => warnOfLock(null));
    await waitFor(() => expect(screen.queryByRole('timer')).not.toBeInTheDocument());
  });

  it('asks for the session again when the core has locked before its event came', async () => {
    const user = userEvent.setup();
    render(<App />);
    await user.click(await screen.findByRole('button', { name: 'Patients' }));
    mock.stage = 'locked';
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'smith');
    expect(await screen.findByRole('heading', { name: 'Locked' })).toBeInTheDocument();
  });
});
