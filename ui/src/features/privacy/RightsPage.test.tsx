import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { RightsPage } from './RightsPage';

beforeEach(() => resetMock('privacy-officer'));

const names = () =>
  within(screen.getByRole('table', { name: 'Access rights of the users' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[0]?.textContent);

describe('access rights', () => {
  it('has a row for each user with what they may do', async () => {
    const user = userEvent.setup();
    renderScreen(<RightsPage />);
    const row = await screen.findByRole('row', { name: /Dr A. OKAFOR/ });
    expect(row).toHaveTextContent(/physician.*Ward 3 West.*Practitioner\/d1.*open.*authenticator app.*break-glass\/1/);
    await user.click(within(row).getByText('2 actions'));
    expect(within(row).getByText(/patient export, emergency access start/)).toBeVisible();
    expect(screen.getByText(/Every role may as well: session create/)).toBeVisible();
    await expectAccessible();
  });

  it('is sorted by the core, by each column and both ways', async () => {
    const user = userEvent.setup();
    renderScreen(<RightsPage />);
    await screen.findByRole('table', { name: 'Access rights of the users' });
    const before = names();
    await user.click(screen.getByRole('button', { name: 'User' }));
    await screen.findByRole('columnheader', { name: 'User', description: '' });
    expect(names()).toEqual([...before].reverse());
    await user.click(screen.getByRole('button', { name: 'Last use' }));
    expect(mock.calls.at(-1)).toEqual({ command: 'accessRightsRead', request: { sort: 'last-use', descending: true } });
  });

  it('is saved in the order that is shown', async () => {
    const user = userEvent.setup();
    renderScreen(<RightsPage />);
    await user.click(await screen.findByRole('button', { name: 'PDF' }));
    expect(await screen.findByText(/^Written to .*access-rights.pdf/)).toBeVisible();
    expect(mock.calls.at(-1)?.request).toMatchObject({ selection: { sort: 'who', descending: false }, form: 'pdf' });
  });

  it('says when it could not be read, and when there is nobody', async () => {
    mock.failures.accessRightsRead = { code: 'forbidden', message: 'your role does not allow this; the refusal is on record' };
    const shown = renderScreen(<RightsPage />);
    expect(await screen.findByText('Could not read the access rights')).toBeVisible();
    shown.unmount();
    mock.failures = {};
    mock.users = [];
    renderScreen(<RightsPage />);
    expect(await screen.findByText('No users')).toBeVisible();
  });
});
