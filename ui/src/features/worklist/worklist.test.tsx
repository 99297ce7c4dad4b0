import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import type { WorklistRow } from '@/api/types';
import { renderScreen } from '@/lib/testing/render';
import { Worklists } from './Worklists';

const asked = () => mock.calls.filter((call) => call.command === 'worklistSearch').map((call) => call.request);

describe('the lists that a day begins with', () => {
  beforeEach(() => resetMock('nurse'));

  it('begin with the first, in groups by place, the own one said to be so', async () => {
    renderScreen(<Worklists lists={['ward', 'panel']} onOpen={() => undefined} />);
    const table = await screen.findByRole('table', { name: 'Ward list' });
    expect(within(table).getByRole('rowheader', { name: 'Ward 4 East (yours)' })).toBeInTheDocument();
    expect(within(table).getByRole('rowheader', { name: 'Emergency department' })).toBeInTheDocument();
    expect(asked()).toEqual([{ worklist: 'ward', day: null }]);
  });

  it('open the chart of the line', async () => {
    const open = vi.fn<(row: WorklistRow) => void>();
    renderScreen(<Worklists lists={['panel']} onOpen={open} />);
    const [first] = await screen.findAllByRole('button', { name: /Open the chart of/ });
    if (first) await userEvent.click(first);
    expect(open.mock.calls[0]?.[0].what).toBe('In the house: inpatient encounter');
  });

  it('ask for another day when one steps', async () => {
    renderScreen(<Worklists lists={['schedule']} onOpen={() => undefined} />);
    await screen.findByRole('table', { name: 'Schedule' });
    await userEvent.click(screen.getByRole('button', { name: 'The day after' }));
    await screen.findByRole('table', { name: 'Schedule' });
    const days = asked().map((request) => (request as { day: string }).day);
    expect(new Date(days[1] ?? '').getTime() - new Date(days[0] ?? '').getTime()).toBe(86_400_000);
  });

  it('say what would be there when there is nothing', async () => {
    renderScreen(<Worklists lists={['claims']} onOpen={() => undefined} />);
    expect(await screen.findByText('No open claim within a year')).toBeInTheDocument();
  });
});
