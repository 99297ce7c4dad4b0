import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { syncScenes } from '@/api/mockSync';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ServerPage } from './ServerPage';
import { UsersPage } from './UsersPage';

const calls = (command: string) => mock.calls.filter((call) => call.command === command);
const token = () => screen.findByLabelText<HTMLTextAreaElement>('One-time token');
const facts = () => screen.findByRole('region', { name: 'How they stand' });

beforeEach(() => resetMock('administrator'));

describe('a workstation that stands alone', () => {
  it('says what enrolling means, and takes a token that nothing remembers', async () => {
    renderScreen(<ServerPage />);
    const form = await screen.findByRole('form', { name: 'Enrol' });
    expect(form).toHaveTextContent('The whole audit log is sent');
    expect(form).toHaveTextContent('Users come from the server’s directory');
    expect(form).toHaveTextContent('The group keys of this workstation are handed over');
    const field = await token();
    expect(field).toHaveFocus();
    expect(field).toHaveAttribute('autocomplete', 'off');
    expect(field).toHaveAttribute('spellcheck', 'false');
    await expectAccessible();
  });

  it('says at the field what is no token, without asking the core', async () => {
    const user = userEvent.setup();
    renderScreen(<ServerPage />);
    await token();
    await user.click(screen.getByRole('button', { name: 'Enrol this workstation' }));
    expect(await token()).toHaveAccessibleDescription(/Paste the token/);
    await user.type(await token(), 'my password{Tab}{Enter}');
    expect(await token()).toHaveAccessibleDescription(/A token begins with vigil1\./);
    expect(await token()).toHaveFocus();
    expect(calls('fleetJoin')).toHaveLength(0);
    await expectAccessible();
  });

  it('says at the field why a token was refused, and keeps nothing of it', async () => {
    const user = userEvent.setup();
    const { client } = renderScreen(<ServerPage />);
    await user.click(await token());
    await user.paste('vigil1.used\r\nSECRET');
    await user.click(screen.getByRole('button', { name: 'Enrol this workstation' }));
    await waitFor(async () => expect(await token()).toHaveAccessibleDescription(/https:\/\/vigil\.harbour\.example:8444 does not accept this token: it was used/));
    expect(await token()).toHaveValue('');
    expect(await token()).toHaveFocus();
    expect(document.documentElement.outerHTML).not.toContain('SECRET');
    expect(JSON.stringify([client.getMutationCache().getAll().map((one) => one.state), client.getQueryCache().getAll().map((one) => one.state)])).not.toContain('SECRET');
    await expectAccessible();
  });

  it('says that it enrols, and then how it stands', async () => {
    const user = userEvent.setup();
    mock.delay = 50;
    renderScreen(<ServerPage />);
    await user.type(await token(), 'vigil1.eyJ1cmwi');
    await user.click(screen.getByRole('button', { name: 'Enrol this workstation' }));
    expect(await screen.findByText(/^Enrolling:/)).toBeVisible();
    expect(await token(), 'also while the core works').toHaveValue('');
    expect(await screen.findByText(/^Enrolled\. The audit log is sent from its first entry on/)).toBeVisible();
    expect(await facts()).toHaveTextContent('https://vigil.harbour.example:8443');
    expect(await facts()).toHaveTextContent('4,211 entries');
    await expectAccessible();
  });

  it('says that it is enrolled when only the keys were not handed over', async () => {
    const user = userEvent.setup();
    renderScreen(<ServerPage />);
    await user.type(await token(), 'vigil1.eyJ1cmwi');
    // What the core does first has succeeded when the second fails.
    mock.sync = syncScenes().connecting;
    mock.failures.fleetJoin = { code: 'internal', message: 'this workstation is enrolled, and the server did not take its group keys: the connection was cut' };
    await user.click(screen.getByRole('button', { name: 'Enrol this workstation' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The enrolment is not completeThis workstation is enrolled, and the server did not take its group keys');
    expect(await facts()).toHaveTextContent('Connecting');
    expect(screen.getByRole('button', { name: 'Hand over group keys' })).toBeVisible();
  });
});

describe('a workstation of a fleet', () => {
  beforeEach(() => {
    mock.sync = syncScenes().offline;
  });

  it('says how it stands, fact by fact', async () => {
    renderScreen(<ServerPage />);
    const list = await facts();
    for (const words of ['Offline since 10:42', 'The server cannot be reached', 'Work goes on', '12 entries, the oldest of', '1 alarm or emergency access', 'Version 14', '0b9f6c52-6a1e-4f0f-9a55-2f6b1f0c7d41', 'it is renewed a month before', 'As the server’s'])
      expect(list).toHaveTextContent(words);
    await expectAccessible();
  });

  it('says what is wrong', async () => {
    mock.sync = syncScenes().troubled;
    renderScreen(<ServerPage />);
    for (const words of ['The server lost entries 12 to 40', 'The server could not open 2 entries', '5 min behind the server’s']) expect(await facts()).toHaveTextContent(words);
    await expectAccessible();
  });

  it('asks the server again at once', async () => {
    const user = userEvent.setup();
    renderScreen(<ServerPage />);
    await user.click(await screen.findByRole('button', { name: 'Try again now' }));
    expect(await screen.findByText(/^The server is asked again/)).toBeVisible();
    expect(calls('syncRetry')).toHaveLength(1);
  });

  it('hands the group keys over, and says when that failed', async () => {
    const user = userEvent.setup();
    renderScreen(<ServerPage />);
    await user.click(await screen.findByRole('button', { name: 'Hand over group keys' }));
    expect(await screen.findByText('The server has the group keys of this workstation.')).toBeVisible();
    mock.failures.keyDeposit = { code: 'internal', message: 'the server did not take its group keys: the connection was cut' };
    await user.click(screen.getByRole('button', { name: 'Hand over group keys' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The group keys were not handed over');
    expect(screen.queryByText('The server has the group keys of this workstation.')).toBeNull();
  });

  it('enrols again only after saying what that does', async () => {
    const user = userEvent.setup();
    renderScreen(<ServerPage />);
    await user.click(await screen.findByRole('button', { name: 'Enrol again with a new token' }));
    const form = screen.getByRole('form', { name: 'Enrol again' });
    expect(form).toHaveTextContent('gets a new identity and a new certificate, and the former one is revoked');
    await expectAccessible();
    await user.click(within(form).getByRole('button', { name: 'Leave it as it is' }));
    expect(await facts()).toHaveTextContent('0b9f6c52');
    await user.click(screen.getByRole('button', { name: 'Enrol again with a new token' }));
    await user.type(await token(), 'vigil1.used');
    await user.click(screen.getByRole('button', { name: 'Enrol again with a new identity' }));
    await waitFor(async () => expect(await token()).toHaveAccessibleDescription(/does not accept this token/));
    await user.click(screen.getByRole('button', { name: 'Leave it as it is' }));
    expect(screen.queryByText(/does not accept/), 'a refusal of before is over').toBeNull();
    await user.click(screen.getByRole('button', { name: 'Enrol again with a new token' }));
    await user.type(await token(), 'vigil1.eyJ1cmwi');
    await user.click(screen.getByRole('button', { name: 'Enrol again with a new identity' }));
    expect(await facts()).toHaveTextContent('7d1c2a90');
  });

  it('looks after its users at the server', async () => {
    renderScreen(<UsersPage />);
    expect(await screen.findByText(/Users of the fleet are looked after at its server/)).toBeVisible();
    expect(screen.queryByRole('form', { name: 'New user' })).toBeNull();
    await expectAccessible();
  });
});

it('says when it could not be read, and reads again', async () => {
  const user = userEvent.setup();
  mock.failures.syncRead = { code: 'internal', message: 'the database failed; try again' };
  renderScreen(<ServerPage />);
  expect(await screen.findByRole('alert')).toHaveTextContent('Could not read how the central server and this workstation stand');
  mock.failures = {};
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('form', { name: 'Enrol' })).toBeVisible();
});
