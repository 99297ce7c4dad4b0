import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { KeysPage } from './KeysPage';

async function open() {
  renderScreen(<KeysPage />);
  await screen.findByRole('table', { name: 'Keys of this workstation' });
  return userEvent.setup();
}

const openLog = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.click(screen.getByRole('button', { name: 'Key access log' }));
  return screen.findByRole('table', { name: 'Uses of keys' });
};

beforeEach(() => resetMock('administrator'));

describe('the keys', () => {
  it.each(['light', 'dark'])('have nothing for axe to find in %s', async (scheme) => {
    const user = await open();
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    await expectAccessible();
    await openLog(user);
    await expectAccessible();
  });

  it('are listed with state, age and what is due', async () => {
    await open();
    const line = screen.getByRole('row', { name: /^care-group\/general/ });
    expect(within(line).getByText(/\(due\)/)).toBeVisible();
    expect(within(line).getByText('Active')).toBeVisible();
    const former = screen.getByRole('row', { name: /directory .* Decrypt only/ });
    expect(within(former).queryByRole('button')).toBeNull();
  });

  it('are replaced after one question that says what will happen', async () => {
    const user = await open();
    await user.click(screen.getByRole('button', { name: 'Replace the directory key' }));
    const asked = await screen.findByRole('dialog', { name: 'Replace the directory key' });
    expect(within(asked).getByText(/sealed anew in the background/)).toBeVisible();
    expect(mock.calls.filter((call) => call.command === 'keyRotate')).toHaveLength(0);
    await user.click(within(asked).getByRole('button', { name: 'Replace the directory key' }));
    expect(await screen.findByRole('group', { name: 'Sealing anew' })).toBeVisible();
    expect(mock.calls.find((call) => call.command === 'keyRotate')?.request).toEqual({ key: 'directory' });
    await user.click(screen.getByRole('button', { name: 'Stop for now' }));
    expect(await screen.findByRole('button', { name: 'Go on' })).toBeVisible();
  });

  it('say why they were not replaced', async () => {
    mock.failures.keyRotate = { code: 'internal', message: 'the disk is full; free some space and try again' };
    const user = await open();
    await user.click(screen.getByRole('button', { name: 'Replace the authority key' }));
    const asked = await screen.findByRole('dialog');
    await user.click(within(asked).getByRole('button', { name: 'Replace the authority key' }));
    expect(await within(asked).findByRole('alert')).toHaveTextContent('The disk is full; free some space and try again.');
  });

  it('are not replaced by a privacy officer, who only looks', async () => {
    resetMock('privacy-officer');
    await open();
    expect(screen.queryByRole('button', { name: /Replace/ })).toBeNull();
  });

  it('say when they could not be read', async () => {
    mock.failures.keySearch = { code: 'audit-unavailable', message: 'the audit log cannot be written' };
    renderScreen(<KeysPage />);
    expect(await screen.findByText('Could not read the keys')).toBeVisible();
  });
});

describe('the key access log', () => {
  it('says who used which keys, about whom and what for', async () => {
    const user = await open();
    const log = await openLog(user);
    const line = within(log).getAllByRole('row', { name: /Dr A. OKAFOR/ })[0];
    expect(line).toHaveTextContent('treatment');
    expect(line).toHaveTextContent('patient/2');
  });

  it('draws few of many lines and says how many there are', async () => {
    const user = await open();
    const log = await openLog(user);
    expect(log).toHaveAttribute('aria-rowcount', '601');
    expect(within(log).getAllByRole('row').length).toBeLessThan(80);
  });

  it('is asked for one user, one patient and a period', async () => {
    const user = await open();
    await openLog(user);
    await user.selectOptions(screen.getByLabelText('User'), 'Dr A. OKAFOR');
    await user.type(screen.getByLabelText('Patient id'), 'nobody');
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(await screen.findByText('No use of a key fits')).toBeVisible();
    expect(mock.calls.at(-1)?.request).toEqual({ userId: 'u1', patientId: 'nobody', from: '', until: '' });
    await user.click(screen.getByRole('button', { name: 'Show all' }));
    expect(await screen.findByRole('table', { name: 'Uses of keys' })).toBeVisible();
  });
});
