import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { App } from './App';

const at = (page: string, charts: string[] = []) =>
  JSON.stringify({
    page,
    patientId: page === 'chart' ? charts[0] : null,
    charts: charts.map((patientId, slot) => ({ patientId, section: 'encounters', slot })),
    focus: null,
    kept: {},
    scrolled: {},
  });
const lockAndUnlock = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.keyboard('{Control>}l{/Control}');
  expect(await screen.findByRole('heading', { name: 'Locked' })).toBeVisible();
  expect(document.documentElement.outerHTML, 'nothing of anybody behind the lock').not.toMatch(/waldstein/i);
  await user.type(screen.getByLabelText('Password'), 'correct horse battery{Enter}');
};
const family = () => screen.findByRole('textbox', { name: 'Family name' });

beforeEach(() => resetMock('front-desk'));

describe('registering', () => {
  it('begins with what the search did not find, and ends in the new chart', async () => {
    const user = userEvent.setup();
    mock.place = at('patients');
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'waldstein ana 03-feb-1961');
    await user.click(await screen.findByRole('button', { name: 'Nobody found: register “waldstein ana 03-feb-1961”' }));
    expect(await family()).toHaveValue('Waldstein');
    await user.type(screen.getByRole('textbox', { name: 'Telephone' }), '0123');
    await user.click(screen.getByRole('button', { name: 'Register Ana WALDSTEIN, born 03-Feb-1961' }));
    const banner = await screen.findByRole('region', { name: 'Patient' });
    expect(banner).toHaveTextContent('WALDSTEIN, Ana');
    expect(banner).toHaveTextContent('03-Feb-1961');
    expect(document.title + window.location.href, 'nobody in title or address').not.toMatch(/waldstein/i);
    await user.click(screen.getByRole('button', { name: 'Patients' }));
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'waldstein ana 03-feb-1961');
    expect(await screen.findByRole('button', { name: 'Open the chart of WALDSTEIN, Ana, born 03-Feb-1961' }), 'lists know the new patient').toBeVisible();
    await user.clear(screen.getByRole('textbox', { name: 'Find a patient' }));
    await user.click(screen.getByRole('button', { name: 'Register a patient' }));
    expect(await family(), 'the next one begins with an empty form').toHaveValue('');
  });

  it('begins at home for the front desk', async () => {
    const user = userEvent.setup();
    render(<App />);
    await user.click(await screen.findByRole('button', { name: /^Register a patient/ }));
    expect(await family()).toHaveFocus();
  });

  it('keeps what was typed over a lock', async () => {
    const user = userEvent.setup();
    mock.place = at('register');
    render(<App />);
    await user.type(await family(), 'Waldstein{Tab}Ana');
    await lockAndUnlock(user);
    expect(await family()).toHaveValue('Waldstein');
    const given = screen.getByRole('textbox', { name: 'Given names' });
    expect(given).toHaveValue('Ana');
    await waitFor(() => expect(given, 'the caret is where it was').toHaveFocus());
  });

  it('keeps what was typed while somebody is looked up, and never mixes two', async () => {
    const user = userEvent.setup();
    mock.place = at('register');
    render(<App />);
    await user.type(await family(), 'Waldstein');
    await user.click(screen.getByRole('button', { name: 'Patients' }));
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'quist');
    await user.click(await screen.findByRole('button', { name: 'Nobody found: register “quist”' }));
    expect(await family()).toHaveValue('Waldstein');
    expect(screen.getByText('What was typed here before is still here: WALDSTEIN.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Throw it away and begin with “quist”' }));
    expect(await family()).toHaveValue('Quist');
    expect(screen.queryByText(/still here/)).toBeNull();
  });

  it('asks which chart to close before the fifth, and leaves nobody in an empty form', async () => {
    const user = userEvent.setup();
    mock.place = at('register', ['p0', 'p1', 'p2', 'p3']);
    render(<App />);
    await user.type(await family(), 'Waldstein{Enter}');
    expect(await screen.findByRole('heading', { name: 'Which chart should be closed?' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Keep all four' }));
    expect(await screen.findByRole('textbox', { name: 'Find a patient' }), 'where the new patient is found').toBeVisible();
    expect(mock.registry.patients[0]?.name).toBe('WALDSTEIN');
  });

  it('keeps what was typed in the chart over a lock, and nothing that was read', async () => {
    const user = userEvent.setup();
    mock.place = at('chart', ['p0']);
    render(<App />);
    await user.click(await screen.findByRole('button', { name: 'Change who this is' }));
    await user.clear(await family());
    await user.type(await family(), 'Waldstein');
    await waitFor(() => expect(mock.place).toContain('Waldstein'));
    expect(mock.place, 'what the core has it has').not.toMatch(/Harbour Road/);
    await lockAndUnlock(user);
    expect(await family()).toHaveValue('Waldstein');
    expect(screen.getByRole('textbox', { name: 'City' })).toHaveValue('Whitby');
  });
});

describe('who registers', () => {
  it.each([
    ['physician', true],
    ['nurse', true],
    ['front-desk', true],
    ['pharmacist', false],
    ['billing', false],
  ] as const)('a %s: %s', async (role, may) => {
    resetMock(role);
    mock.place = at('patients', ['p0']);
    const user = userEvent.setup();
    render(<App />);
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'zzz');
    await screen.findByText('No patient matches');
    expect(screen.queryAllByRole('button', { name: /register/i })).toHaveLength(may ? 2 : 0);
    await user.click(within(screen.getByRole('navigation', { name: 'Open charts' })).getByRole('button', { name: /^SMITH/ }));
    await screen.findByRole('region', { name: 'Patient' });
    expect(screen.queryAllByRole('button', { name: 'Change who this is' })).toHaveLength(may ? 1 : 0);
  });

  it('an administrator does not, and a place that says so is home', async () => {
    resetMock('administrator');
    mock.place = at('register');
    const user = userEvent.setup();
    render(<App />);
    expect(await screen.findByRole('heading', { name: 'Harbour General Hospital' })).toBeVisible();
    expect(screen.queryByRole('textbox', { name: 'Family name' })).toBeNull();
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox', { name: 'Search patients and commands' }), 'regist');
    expect(screen.queryByRole('option', { name: /Register/ })).toBeNull();
  });

  it('finds it in the palette', async () => {
    const user = userEvent.setup();
    render(<App />);
    await screen.findByText('Opened by you lately');
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox', { name: 'Search patients and commands' }), 'register a');
    await user.click(await screen.findByRole('option', { name: 'Register a patient' }));
    expect(await family()).toBeVisible();
  });
});
