import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { syncScenes, type SyncScene } from '@/api/mockSync';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { SyncBar } from './SyncBar';

const bar = () => screen.findByRole('contentinfo', { name: 'Central server' });
const onServer = () => undefined;

beforeEach(() => resetMock('physician'));

describe('the line at the foot of the window', () => {
  it.each<[SyncScene, string, string]>([
    ['connecting', 'Connecting', '12 entries wait since 10:42.'],
    ['connected', 'Connected', 'No entry waits.'],
    ['offline', 'Offline since 10:42', '12 entries wait since 10:42. Work goes on; everything is sent later.'],
    ['refused', 'Connection refused', '12 entries wait since 10:42. Work goes on; an administrator has to act.'],
    ['conflict', 'Sending stopped', '12 entries wait since 10:42. Work goes on; an administrator has to act.'],
  ])('says when it is %s what waits, since when, and the last receipt', async (scene, link, queue) => {
    mock.sync = syncScenes()[scene];
    renderScreen(<SyncBar />);
    const line = await bar();
    expect(within(line).getByRole('status')).toHaveTextContent(`Central server: ${link}`);
    expect(within(line).getByText(queue)).toBeVisible();
    expect(within(line).getByText('Last receipt 10:41')).toBeVisible();
    expect(within(line).queryByRole('button'), 'nothing to do for whoever cannot act').toBeNull();
    await expectAccessible();
  });

  it('sets an absence apart by sign, word and colour, and not as a danger', async () => {
    mock.sync = syncScenes().connected;
    const shown = renderScreen(<SyncBar />);
    expect((await bar()).dataset.tone).toBe('calm');
    const connected = screen.getByRole('status').querySelector('svg')?.outerHTML;
    shown.unmount();
    mock.sync = syncScenes().offline;
    renderScreen(<SyncBar />);
    expect((await bar()).dataset.tone).toBe('attention');
    expect(screen.getByRole('status')).toHaveTextContent(/Offline/);
    expect(screen.getByRole('status').querySelector('svg')?.outerHTML).not.toBe(connected);
  });

  it('tells only those who can act that there is no server', async () => {
    const user = userEvent.setup();
    const go = vi.fn();
    const shown = renderScreen(<SyncBar onServer={go} />);
    expect(await bar()).toHaveTextContent('Not connected to a central serverThe audit log stays on this workstation.');
    await user.click(screen.getByRole('button', { name: 'Server page' }));
    expect(go).toHaveBeenCalledOnce();
    await expectAccessible();
    shown.unmount();
    const others = renderScreen(<SyncBar />);
    await vi.waitFor(() => expect(others.client.getQueryData(['sync'])).toEqual(mock.sync));
    expect(screen.queryByRole('contentinfo')).toBeNull();
  });

  it.each<[SyncScene, RegExp]>([
    ['refused', /The server refuses this workstation's certificate; enrol the workstation again/],
    ['conflict', /The server holds another entry 4,188 than this log/],
  ])('says why it is %s to those who can act, and where', async (scene, why) => {
    mock.sync = syncScenes()[scene];
    renderScreen(<SyncBar onServer={onServer} />);
    expect(within(await bar()).getByRole('list', { name: 'To see to' })).toHaveTextContent(why);
    expect(screen.getByRole('button', { name: 'Server page' })).toBeVisible();
    await expectAccessible();
  });

  it('offers no way to the page that is shown, and none where nothing has to be done', async () => {
    mock.sync = syncScenes().refused;
    const shown = renderScreen(<SyncBar onServer={onServer} atServer />);
    await bar();
    expect(screen.queryByRole('button')).toBeNull();
    shown.unmount();
    mock.sync = syncScenes().connected;
    renderScreen(<SyncBar onServer={onServer} />);
    await bar();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says in words what is wrong besides the link', async () => {
    mock.sync = syncScenes().troubled;
    renderScreen(<SyncBar />);
    const found = within(await bar()).getAllByRole('listitem').map((one) => one.textContent.trim());
    expect(found).toEqual([
      'The server lost entries 12 to 40, which it had confirmed',
      'The server could not open 2 entries: they stay here',
      'The clock of this workstation is 5 min behind the server’s',
    ]);
    await expectAccessible();
  });

  it('says before a session the link and what waits, and no more', async () => {
    mock.sync = { ...syncScenes().troubled, link: 'offline', since: syncScenes().offline.since };
    renderScreen(<SyncBar quiet />);
    expect(await bar()).toHaveTextContent(/Offline since 10:42.*1,204 entries wait.*everything is sent later/);
    expect(screen.queryByText(/Last receipt/)).toBeNull();
    expect(screen.queryByRole('list')).toBeNull();
  });

  it('says when it could not be read', async () => {
    mock.failures.syncRead = { code: 'internal', message: 'the database failed; try again' };
    renderScreen(<SyncBar />);
    expect(await bar()).toHaveTextContent('How the central server stands could not be read');
  });
});

describe('its colours', () => {
  const sheet = readFileSync('src/components/tokens.css', 'utf8');
  const themes = sheet.split('}').filter((rule) => rule.includes('--attention-surface'));

  it.each([0, 1])('can be read in theme %i', (at) => {
    const token = (name: string) => new RegExp(`--${name}: #(\\w{6})`).exec(themes[at] ?? '')?.[1] ?? '';
    const pairs = [['text-quiet', 'rail'], ['attention', 'rail'], ['danger', 'rail'], ['attention', 'attention-surface'], ['danger', 'attention-surface'], ['danger', 'danger-surface'], ['attention', 'danger-surface']];
    for (const [front = '', back = ''] of pairs) expect(contrast(token(front), token(back)), `${front} on ${back}`).toBeGreaterThan(4.5);
  });

  /** WCAG 2: AA asks for 4.5. */
  function contrast(one: string, other: string): number {
    const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(hex: string): number {
    const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
});
