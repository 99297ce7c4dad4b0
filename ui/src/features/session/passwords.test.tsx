import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { App } from '@/app/App';
import { expectAccessible, renderScreen } from '@/lib/testing/render';

const key = '0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3Z-KQE5';

beforeEach(() => resetMock());

async function typeRecovery(user: ReturnType<typeof userEvent.setup>, typed: string) {
  await user.type(screen.getByLabelText('Recovery key'), typed);
  await user.type(screen.getByLabelText('Administrator’s user name'), 'admin');
  await user.type(screen.getByLabelText('New password'), 'a new long password');
  await user.type(screen.getByLabelText('New password again'), 'a new long password{Enter}');
}

describe('a forgotten password', () => {
  it('says whom to ask, and takes the recovery key from an administrator', async () => {
    const user = userEvent.setup();
    renderScreen(<App />);
    await user.click(await screen.findByRole('button', { name: 'Forgotten password?' }));
    expect(screen.getByText(/Ask an administrator of this workstation/)).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: /have the recovery key/ }));
    await typeRecovery(user, '0W3G');
    expect(await screen.findByText(/14 groups/, { selector: '[role=alert] span' })).toBeInTheDocument();
    expect(screen.getByLabelText('Recovery key')).toHaveValue('');
    await expectAccessible();
    await typeRecovery(user, key);
    expect(await screen.findByText(/Sign in with the new password/)).toBeInTheDocument();
    expect(mock.calls.every((call) => !JSON.stringify(call.request).includes('KQE5'))).toBe(true);
  });
});

describe('a password that somebody else gave', () => {
  it('is replaced before anything else is shown', async () => {
    const user = userEvent.setup();
    resetMock('nurse');
    mock.passwordDue = true;
    renderScreen(<App />);
    expect(await screen.findByRole('heading', { name: 'Choose your password' })).toBeInTheDocument();
    await expectAccessible();
    await user.type(screen.getByLabelText('The password that you were given'), 'given by the administrator');
    await user.type(screen.getByLabelText('Your own password'), 'mine alone, and long');
    await user.type(screen.getByLabelText('Your own password again'), 'mine alone, and long{Enter}');
    expect(await screen.findByRole('button', { name: 'Lock' }, { timeout: 5000 })).toBeInTheDocument();
  });
});

describe('a device key that is lost', () => {
  it('offers the recovery key, and only then', async () => {
    const user = userEvent.setup();
    mock.failures.sessionRead = { code: 'device-key-lost', message: 'the device key could not be used' };
    renderScreen(<App />);
    await user.click(await screen.findByRole('button', { name: 'Open with the organisation recovery key' }));
    await expectAccessible();
    await typeRecovery(user, key);
    expect(await screen.findByRole('heading', { name: 'The data opens again' })).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Go to the sign-in' }));
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeInTheDocument();
  });

  it('is no remedy for other failures', async () => {
    mock.failures.sessionRead = { code: 'internal', message: 'vigil.db is damaged' };
    renderScreen(<App />);
    expect(await screen.findByRole('heading', { name: 'This workstation did not open' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /recovery key/ })).not.toBeInTheDocument();
  });
});
