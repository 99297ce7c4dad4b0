import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { SuspensionsPage } from './SuspensionsPage';

async function open() {
  renderScreen(<SuspensionsPage />);
  await screen.findByRole('list', { name: 'Suspensions, open ones first' });
  return userEvent.setup();
}

beforeEach(() => resetMock('administrator'));

describe('the list of suspended accounts', () => {
  it.each(['light', 'dark'])('has nothing for axe to find in %s', async (scheme) => {
    await open();
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    await expectAccessible();
  });

  it('says whose, over which numbers, and what was before', async () => {
    await open();
    expect(screen.getByRole('status')).toHaveTextContent('1 account is suspended.');
    const incident = screen.getByRole('article', { name: 'Suspension of M. LINDQVIST' });
    expect(within(incident).getByText('81 patients, 84 with those that were refused')).toBeVisible();
    expect(within(incident).getByRole('img', { name: 'Patients in each hour; 60 were allowed' })).toBeVisible();
    expect(within(incident).getByText(/80 patients in the last hour/)).toBeVisible();
  });

  it('says that the server did it on every workstation, without numbers that say nothing', async () => {
    mock.suspensions = mock.suspensions.map((row) => (row.lift === null ? { ...row, incident: '12', opened: 0, asked: 0, hoursBefore: [] } : row));
    await open();
    const incident = screen.getByRole('article', { name: 'Suspension of M. LINDQVIST' });
    expect(incident).toHaveTextContent('the central server, on every workstation, over incident 12');
    expect(within(incident).queryByRole('img')).toBeNull();
    expect(within(incident).getByRole('button', { name: 'Lift the suspension of M. LINDQVIST' })).toBeVisible();
  });

  it('is lifted for a reason', async () => {
    const user = await open();
    const lift = screen.getByRole('button', { name: 'Lift the suspension of M. LINDQVIST' });
    await user.click(lift);
    expect(screen.getByRole('alert')).toHaveTextContent('at least 10 characters');
    expect(mock.calls.filter((call) => call.command === 'suspensionLift')).toHaveLength(0);
    await user.type(screen.getByRole('textbox', { name: 'Why it is lifted' }), 'Seen with my own eyes');
    await user.click(lift);
    expect(await screen.findByText('Seen with my own eyes')).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('No account is suspended now.');
  });

  it('does not let anybody lift their own', async () => {
    mock.suspensions = mock.suspensions.map((row) => ({ ...row, own: true }));
    await open();
    expect(screen.getByText('This account is yours. Somebody else lifts it.')).toBeVisible();
    expect(screen.queryByRole('form', { name: 'Lift' })).toBeNull();
  });

  it('says that there was none, and that it could not be read', async () => {
    mock.suspensions = [];
    const { unmount } = renderScreen(<SuspensionsPage />);
    expect(await screen.findByText('No account was suspended so far')).toBeVisible();
    unmount();
    mock.failures = { suspensionSearch: { code: 'forbidden', message: 'your role does not allow this; the refusal is on record' } };
    renderScreen(<SuspensionsPage />);
    expect(await screen.findByText(/Your role does not allow this/)).toBeVisible();
  });
});
