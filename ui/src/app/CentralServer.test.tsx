import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeSync, lockByIdleTime, mock, resetMock } from '@/api/mock';
import { syncScenes } from '@/api/mockSync';
import { expectAccessible } from '@/lib/testing/render';
import { App } from './App';

const bar = () => screen.findByRole('contentinfo', { name: 'Central server' });
const link = async () => within(await bar()).getByRole('status');
const atServer = JSON.stringify({ page: 'server', patientId: null, charts: [], focus: null, kept: {}, scrolled: {} });

describe('the central server in the window', () => {
  beforeEach(() => {
    resetMock('physician');
    mock.sync = syncScenes().connected;
  });

  it('is said to be away as soon as the core says so, and to be back', async () => {
    render(<App />);
    expect(await link()).toHaveTextContent('Connected');
    act(() => changeSync(syncScenes().offline));
    await waitFor(async () => expect(await link()).toHaveTextContent('Offline since 10:42'));
    expect(await bar()).toHaveTextContent('12 entries wait since 10:42. Work goes on; everything is sent later.');
    act(() => changeSync(syncScenes().connected));
    await waitFor(async () => expect(await link()).toHaveTextContent('Connected'));
  });

  it('is read out when the link changes, not with every entry', async () => {
    mock.sync = syncScenes().offline;
    render(<App />);
    const before = (await link()).textContent;
    act(() => changeSync({ ...syncScenes().offline, waiting: 13 }));
    await waitFor(async () => expect(await bar()).toHaveTextContent('13 entries wait'));
    expect((await link()).textContent).toBe(before);
    expect(within(await bar()).getAllByRole('status'), 'nothing else is read out').toHaveLength(1);
    expect((await bar()).querySelectorAll('[aria-live],[role=alert]')).toHaveLength(0);
  });

  it('is seen while locked as well, where entries go on being sent', async () => {
    render(<App />);
    await bar();
    act(() => lockByIdleTime());
    await screen.findByRole('heading', { name: 'Locked' });
    act(() => changeSync(syncScenes().offline));
    await waitFor(async () => expect(await link()).toHaveTextContent('Offline since 10:42'));
    expect(mock.calls.filter((call) => call.command === 'syncRead'), 'what is known is not asked for again').toHaveLength(1);
    await expectAccessible();
  });

  it('is seen before anybody signs in', async () => {
    resetMock();
    mock.sync = syncScenes().offline;
    render(<App />);
    await screen.findByRole('heading', { name: 'Sign in' });
    expect(await link()).toHaveTextContent('Offline since 10:42');
    expect(screen.queryByRole('button', { name: 'Server page' })).toBeNull();
    await expectAccessible();
  });

  it('has a page for administrators, and the line leads to it', async () => {
    resetMock('administrator');
    mock.sync = syncScenes().refused;
    const user = userEvent.setup();
    render(<App />);
    await user.click(within(await bar()).getByRole('button', { name: 'Server page' }));
    expect(await screen.findByRole('heading', { name: 'Central server' })).toBeVisible();
    expect(within(await bar()).queryByRole('button'), 'the page is there').toBeNull();
    await expectAccessible();
  });

  it.each(['physician', 'nurse', 'privacy-officer'] as const)('has no page for a %s, also not by the place of before', async (role) => {
    resetMock(role);
    mock.sync = syncScenes().refused;
    mock.place = atServer;
    const user = userEvent.setup();
    render(<App />);
    expect(await screen.findByRole('heading', { name: 'Harbour General Hospital' })).toBeVisible();
    expect(screen.queryByRole('heading', { name: 'Central server' })).toBeNull();
    const rail = screen.getByRole('navigation', { name: 'Pages' });
    expect(within(rail).queryByRole('button', { name: 'Server' })).toBeNull();
    await user.click(within(rail).getByRole('button', { name: 'Home' }));
    expect(within(await bar()).queryByRole('button'), 'the line leads nowhere').toBeNull();
  });

  it('shows on its page what the core says', async () => {
    resetMock('administrator');
    mock.sync = syncScenes().offline;
    mock.place = atServer;
    render(<App />);
    const facts = await screen.findByRole('region', { name: 'How they stand' });
    expect(facts).toHaveTextContent('Offline since 10:42');
    act(() => changeSync(syncScenes().connected));
    await waitFor(() => expect(facts).toHaveTextContent('Connected'));
    expect(facts).not.toHaveTextContent('Offline');
  });

  it('is read anew for its page: directory and lease move on without a word', async () => {
    resetMock('administrator');
    mock.sync = syncScenes().refused;
    const user = userEvent.setup();
    render(<App />);
    const line = await bar();
    mock.sync = { ...mock.sync, directory: 15 };
    await user.click(within(line).getByRole('button', { name: 'Server page' }));
    expect(await screen.findByText('Version 15')).toBeVisible();
  });

  it('asks again who it is before it enrols, and then does', async () => {
    resetMock('administrator');
    mock.stale = true;
    mock.place = atServer;
    const user = userEvent.setup();
    render(<App />);
    await user.type(await screen.findByLabelText('One-time token'), 'vigil1.eyJ1cmwi');
    await user.click(screen.getByRole('button', { name: 'Enrol this workstation' }));
    const dialog = await screen.findByRole('dialog', { name: 'Show again that it is you' });
    await user.type(within(dialog).getByLabelText('Your password, again'), 'a long sentence{Enter}');
    expect(await screen.findByText(/^Enrolled\. The audit log is sent/)).toBeVisible();
    expect(await link()).toHaveTextContent('Connected');
  });
});
