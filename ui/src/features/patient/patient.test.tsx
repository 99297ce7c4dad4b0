import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { PatientSearchPage } from './PatientSearchPage';
import { RecentCharts } from './RecentCharts';

const searches = () => mock.calls.filter((call) => call.command === 'patientSearch');

describe('the patient search', () => {
  beforeEach(() => resetMock('physician'));

  it('is empty in words before anything is typed', async () => {
    renderScreen(<PatientSearchPage onOpen={() => undefined} />);
    expect(screen.getByText('No search yet')).toBeInTheDocument();
    expect(searches()).toHaveLength(0);
    await expectAccessible();
  });

  it('asks once for the list that is shown, and marks what to look at twice', async () => {
    const user = userEvent.setup();
    renderScreen(<PatientSearchPage onOpen={() => undefined} />);
    await user.keyboard('sm');
    expect(await screen.findByText(/of 24 shown/)).toBeInTheDocument();
    expect(searches(), 'debounced: one entry in the audit log').toHaveLength(1);
    expect(screen.getAllByText('Similar name')).toHaveLength(2);
    expect(screen.queryByRole('region', { name: 'Patient' }), 'PAB-0015: no banner where several patients stand').toBeNull();
    await expectAccessible();
  });

  it('says how many a cut list leaves out', async () => {
    const user = userEvent.setup();
    renderScreen(<PatientSearchPage onOpen={() => undefined} />);
    await user.keyboard('a');
    expect(await screen.findByText('50 of 108 shown. Type more to narrow the list.')).toBeInTheDocument();
  });

  it('marks restricted and deceased with words', async () => {
    const user = userEvent.setup();
    renderScreen(<PatientSearchPage onOpen={() => undefined} />);
    await user.keyboard('a');
    expect(await screen.findByText('Restricted')).toBeInTheDocument();
    expect(screen.getByText('Deceased')).toBeInTheDocument();
  });

  it('moves by arrows and j and k, opens with Enter, and comes back with Escape', async () => {
    const user = userEvent.setup();
    const open = vi.fn();
    renderScreen(<PatientSearchPage onOpen={open} />);
    await user.keyboard('smith');
    const rows = await screen.findAllByRole('button', { name: /Open the chart of SMITH/ });
    await user.keyboard('{Enter}');
    expect(rows[0], 'Enter looks first').toHaveFocus();
    expect(open).not.toHaveBeenCalled();
    await user.keyboard('j{ArrowDown}k');
    expect(rows[1]).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(open).toHaveBeenCalledOnce();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('textbox', { name: 'Find a patient' })).toHaveFocus();
  });

  it('opens nothing from a list that answers an older text', async () => {
    const user = userEvent.setup();
    const open = vi.fn();
    renderScreen(<PatientSearchPage onOpen={open} />);
    await user.keyboard('smith');
    const [row] = await screen.findAllByRole('button', { name: /Open the chart of SMITH/ });
    await user.keyboard('x');
    await user.click(row!);
    expect(open).not.toHaveBeenCalled();
    expect(await screen.findByText('No patient matches')).toBeInTheDocument();
  });

  it('says what is being read only after a moment', async () => {
    const user = userEvent.setup();
    mock.delay = 600;
    renderScreen(<PatientSearchPage onOpen={() => undefined} />);
    await user.keyboard('smith');
    expect(screen.queryByText(/Reading the patients/)).not.toBeInTheDocument();
    expect(await screen.findByText(/Reading the patients/)).toBeInTheDocument();
    await screen.findByText(/shown/, undefined, { timeout: 3000 });
    mock.delay = 0;
  });

  it('says what failed and tries again', async () => {
    const user = userEvent.setup();
    mock.failures.patientSearch = { code: 'audit-unavailable', message: 'the audit log cannot be written, so nothing is shown; call your administrator' };
    renderScreen(<PatientSearchPage onOpen={() => undefined} />);
    await user.keyboard('smith');
    expect(await screen.findByRole('alert')).toHaveTextContent(/Could not read the patients.*audit log cannot be written/);
    await expectAccessible();
    delete mock.failures.patientSearch;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/12 of 12 shown/)).toBeInTheDocument();
  });
});

describe('the recent charts', () => {
  beforeEach(() => resetMock('physician'));

  it('says what would be here', async () => {
    renderScreen(<RecentCharts onOpen={() => undefined} />);
    expect(await screen.findByText('No chart opened yet')).toBeInTheDocument();
  });

  it('lists them newest first', async () => {
    mock.recent = ['p3', 'p0'];
    renderScreen(<RecentCharts onOpen={() => undefined} />);
    const rows = await screen.findAllByRole('button', { name: /Open the chart of/ });
    expect(rows.map((row) => row.textContent)).toEqual(['MÜLLER, Karl (Mr)', 'SMITH, Jane (Ms)']);
    await expectAccessible();
  });

  it('says when they could not be read', async () => {
    mock.failures.patientRecent = { code: 'internal', message: 'the list could not be read; try again' };
    renderScreen(<RecentCharts onOpen={() => undefined} />);
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Could not read your recent charts'));
  });
});
