import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { syncScenes } from '@/api/mockSync';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { FleetPage } from './FleetPage';

const asked = () => mock.calls.filter((call) => call.command === 'fleetAccessSearch').map((call) => call.request);
const table = () => screen.findByRole('region', { name: 'List: Entries of every workstation' });
const everybody = { about: { kind: 'everybody' }, period: 'day', emergencies: false, after: null };

async function open() {
  renderScreen(<FleetPage decides />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Accesses' }));
  return user;
}

beforeEach(() => {
  resetMock('privacy-officer');
  mock.sync = syncScenes().connected;
});

it('shows the newest entries of every workstation and goes on to the older ones', async () => {
  const user = await open();
  expect(within(await table()).getAllByRole('row')).toHaveLength(41);
  expect(within(await table()).getAllByRole('row')[1]).toHaveTextContent('Dr A. OKAFOR');
  await expectAccessible();
  await user.click(screen.getByRole('button', { name: 'Older entries' }));
  await waitFor(async () => expect(within(await table()).getAllByRole('row')).toHaveLength(13));
  expect(screen.getByRole('button', { name: 'Older entries' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Newest entries' }));
  expect(asked().slice(0, 2)).toEqual([everybody, { ...everybody, after: 'date=ge2026&_cursor=older' }]);
});

it('asks about one user, and about emergencies alone, from the newest on', async () => {
  const user = await open();
  await table();
  await user.click(screen.getByRole('button', { name: 'Older entries' }));
  await user.click(screen.getByRole('checkbox', { name: 'Emergency accesses only' }));
  await waitFor(() => expect(asked().at(-1)).toEqual({ ...everybody, emergencies: true }));
  expect(within(await table()).getByRole('row', { name: /broke the glass/ })).toHaveTextContent('emergency-room-2');
  await user.click(screen.getByRole('button', { name: 'A user' }));
  expect(await screen.findByText('No user chosen')).toBeVisible();
  await user.selectOptions(await screen.findByRole('combobox', { name: 'User' }), 'u7');
  await waitFor(() => expect(asked().at(-1)).toEqual({ ...everybody, about: { kind: 'user', userId: 'u7' }, emergencies: true }));
  await user.click(screen.getByRole('button', { name: 'A patient' }));
  expect(await screen.findByRole('textbox', { name: 'Find the patient' })).toBeVisible();
  await expectAccessible();
});

it('is nothing for those who do not work on cases', async () => {
  resetMock('administrator');
  mock.sync = syncScenes().connected;
  renderScreen(<FleetPage decides={false} />);
  await screen.findByRole('button', { name: 'Alarms' });
  expect(screen.queryByRole('button', { name: 'Accesses' })).toBeNull();
});
