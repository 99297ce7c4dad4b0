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
    kept: {},
    scrolled: {},
  });
const lockAndUnlock = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.keyboard('{Control>}l{/Control}');
  await user.type(await screen.findByLabelText('Password'), 'correct horse battery');
  await user.keyboard('{Enter}');
};

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
    expect(names).toEqual(['Home', 'Fleet', 'Rights', 'Users', 'Import', 'Backup', 'Keys', 'Destroy', 'Unusual', 'Audit', 'Device', 'Server', 'My screen', 'My sign-in', 'Dark', 'Sign out']);
    expect(calls('patientRecent'), 'an administrator reads no patients').toHaveLength(0);
  });

  it('tells the privacy officer of overdue reviews at home and on every page until they are seen to', async () => {
    resetMock('privacy-officer');
    const user = userEvent.setup();
    render(<App />);
    const note = await screen.findByRole('note', { name: 'Overdue reviews' });
    expect(note).toHaveTextContent('1 emergency access was not reviewed within 72 hours.');
    expect(screen.getByText('2 not reviewed, 1 overdue')).toBeVisible();
    await expectAccessible();
    await user.click(within(note).getByRole('button', { name: 'Review' }));
    await user.click(await screen.findByRole('button', { name: /Dr A. OKAFOR.*Overdue/ }));
    await user.click(screen.getByRole('radio', { name: 'Appropriate' }));
    await user.click(screen.getByRole('button', { name: 'Record the review of Dr A. OKAFOR' }));
    await waitFor(() => expect(screen.queryByRole('note', { name: 'Overdue reviews' })).toBeNull());
  });

  it('tells those who can lift it that an account is suspended, and its user how that ends', async () => {
    resetMock('administrator');
    const user = userEvent.setup();
    const { unmount } = render(<App />);
    await user.click(within(await screen.findByRole('note', { name: 'Suspended accounts' })).getByRole('button', { name: 'Show it' }));
    expect(await screen.findByRole('article', { name: 'Suspension of M. LINDQVIST' })).toBeVisible();
    unmount();
    resetMock('physician');
    mock.suspension = { since: '22-Nov-2026 02:41', incident: null, opened: 81, asked: 84, usual: '20', emergency: true };
    render(<App />);
    const note = await screen.findByRole('note', { name: 'Account suspended' });
    await user.click(within(note).getByRole('button', { name: 'What now' }));
    expect(await screen.findByRole('button', { name: 'A supervisor is here' })).toBeVisible();
  });

  it('asks for the password where a chart would be one more than usual, and opens it then', async () => {
    const user = userEvent.setup();
    mock.failures = { chartRead: { code: 'reauthentication-needed', message: 'you have opened 60 charts within an hour' } };
    mock.place = place('chart', ['p1'], 'p1');
    render(<App />);
    const dialog = await screen.findByRole('dialog', { name: 'Show again that it is you' });
    expect(dialog).toHaveTextContent('because it is about more charts than usual');
    mock.failures = {};
    await user.type(within(dialog).getByLabelText('Your password, again'), 'correct horse battery');
    await user.click(within(dialog).getByRole('button', { name: 'Go on' }));
    expect(await screen.findByRole('tab', { name: /Problems/ })).toBeVisible();
  });

  it('is larger and smaller by keys, and says its keys', async () => {
    const user = userEvent.setup();
    render(<App />);
    await screen.findByText('No chart opened yet');
    await user.keyboard('{Control>}={/Control}');
    await waitFor(() => expect(mock.preferences.zoomPercent).toBe(110));
    await user.keyboard('{Control>}-{/Control}{Control>}-{/Control}');
    await waitFor(() => expect(mock.preferences.zoomPercent).toBeLessThan(110));
    await user.keyboard('{Control>}0{/Control}');
    await waitFor(() => expect(mock.preferences.zoomPercent).toBe(100));
    await user.keyboard('{F1}');
    expect(await screen.findByRole('dialog', { name: 'Keyboard' })).toBeVisible();
    await expectAccessible();
  });

  it('opens a chart with the section that the user has first, and keeps the colours over a lock', async () => {
    mock.preferences = { ...mock.preferences, colours: 'dark', firstSections: ['problems', 'results'] };
    const user = userEvent.setup();
    render(<App />);
    await screen.findByText('No chart opened yet');
    expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark');
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox', { name: 'Search patients and commands' }), 'oyelaran tunde');
    await screen.findAllByRole('option', { name: /OYELARAN, Tunde/ });
    await user.keyboard('{Enter}');
    const tabs = within(await screen.findByRole('tablist', { name: 'Chart sections' })).getAllByRole('tab');
    expect(tabs.slice(0, 3).map((tab) => tab.textContent)).toEqual([expect.stringMatching(/^Problems/), expect.stringMatching(/^Results/), 'Summary']);
    expect(tabs[0]).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Control>}l{/Control}');
    await screen.findByLabelText('Password');
    expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark');
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

  it('finds the last potassium in the chart on the screen by keyboard, and leads to it twice', async () => {
    const user = userEvent.setup();
    mock.place = place('chart', ['p0'], 'p0');
    render(<App />);
    await screen.findByRole('region', { name: 'Patient' });
    for (const [typed, name, latest] of [
      ['last potassium', 'Potassium', '6.4 mmol/L'],
      ['sodium', 'Sodium', 'mmol/L'],
    ] as const) {
      await user.keyboard('{Control>}k{/Control}');
      await user.type(screen.getByRole('combobox', { name: 'Search patients and commands' }), typed);
      expect(await screen.findByRole('option', { name: new RegExp(`^${name}.*${latest}`) })).toHaveAttribute('aria-selected', 'true');
      await user.keyboard('{Enter}');
      expect(await screen.findByRole('tab', { name: /Results/ })).toHaveAttribute('aria-selected', 'true');
      expect(await screen.findByRole('heading', { name, level: 2 }), 'the row is open, also where the section was').toBeVisible();
    }
    expect(calls('chartSearch').map((call) => call.request)).toEqual([
      { patientId: 'p0', text: 'last potassium' },
      { patientId: 'p0', text: 'sodium' },
    ]);
  });

  it('searches no chart that was not opened', async () => {
    const user = userEvent.setup();
    mock.failures.chartRead = { code: 'restricted', message: 'this record is restricted' };
    mock.place = place('chart', ['p0'], 'p0');
    render(<App />);
    await waitFor(() => expect(calls('chartRead')).toHaveLength(1));
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Search patients and commands' }), 'potassium');
    expect(await screen.findByText('No patient matches.')).toBeVisible();
    expect(calls('chartSearch'), 'each would be a refusal on record').toEqual([]);
  });

  it('searches no chart where none is on the screen', async () => {
    const user = userEvent.setup();
    mock.place = place('home', ['p0'], null);
    render(<App />);
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Search patients and commands' }), 'potassium');
    expect(await screen.findByText('No patient matches.')).toBeVisible();
    expect(calls('chartSearch')).toEqual([]);
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

  it('brings the typed search back with its list, and nothing that was read', async () => {
    const user = userEvent.setup();
    mock.place = place('patients', [], null);
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'smit');
    await screen.findAllByRole('button', { name: /Open the chart of SMITH/ });
    await waitFor(() => expect(mock.place, 'the user’s own text, which the core seals').toContain('smit'));
    expect(mock.place, 'no name that was read').not.toMatch(/SMITH|Jane/);
    // On a slow machine a part of the word is searched for too.
    await waitFor(() => expect(calls('patientSearch').at(-1)?.request).toEqual({ text: 'smit' }));
    const before = calls('patientSearch').length;
    await lockAndUnlock(user);
    expect(await screen.findByRole('textbox', { name: 'Find a patient' })).toHaveValue('smit');
    expect(await screen.findAllByRole('button', { name: /Open the chart of SMITH/ }), 'the list is shown again').not.toHaveLength(0);
    expect(calls('patientSearch'), 'and is on the record again').toHaveLength(before + 1);
  });

  it('brings back what a list was filtered by and the detail that was open', async () => {
    const user = userEvent.setup();
    mock.place = place('chart', ['p0'], 'p0');
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Filter Problems' }), 'hyper');
    await user.click(await screen.findByRole('row', { name: /hypertension/i }));
    await screen.findByRole('region', { name: /hypertension/i });
    await lockAndUnlock(user);
    expect(await screen.findByRole('textbox', { name: 'Filter Problems' })).toHaveValue('hyper');
    expect(await screen.findByRole('region', { name: /hypertension/i })).toBeInTheDocument();
  });

  it('begins a section anew that was left', async () => {
    const user = userEvent.setup();
    mock.place = place('chart', ['p0'], 'p0');
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Filter Problems' }), 'hyper');
    await user.click(screen.getByRole('tab', { name: /^Meds/ }));
    await user.click(await screen.findByRole('tab', { name: /^Problems/ }));
    expect(await screen.findByRole('textbox', { name: 'Filter Problems' }), 'no filter that nobody remembers').toHaveValue('');
  });

  it('keeps the place for who lets somebody else in, and forgets it for who signs out', async () => {
    const user = userEvent.setup();
    mock.place = place('patients', [], null);
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'smit');
    await user.keyboard('{Control>}l{/Control}');
    await user.click(await screen.findByRole('button', { name: 'Switch user' }));
    await screen.findByRole('heading', { name: 'Sign in' });
    expect([...mock.parked.keys()]).toEqual(['u1']);
    await user.type(screen.getByLabelText('User name'), 'okafor');
    await user.type(screen.getByLabelText('Password'), 'correct horse battery{Enter}');
    expect(await screen.findByRole('textbox', { name: 'Find a patient' })).toHaveValue('smit');
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    await screen.findByRole('heading', { name: 'Sign in' });
    expect(mock.parked.size, 'nothing waits').toBe(0);
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
