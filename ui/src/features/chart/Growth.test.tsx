import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { resetMock } from '@/api/mock';
import { childId, childWeight, wholeScore } from '@/api/mockGrowth';
import type { EarlyWarningView, GrowthView } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from './ChartPage';
import { EarlyWarning } from './EarlyWarning';
import { Growth } from './Growth';

const growth = (): GrowthView => childWeight().growth ?? { measure: '', unit: '', sex: '', standards: [], notAssessed: '' };
const score = (change: Partial<EarlyWarningView> = {}): EarlyWarningView => ({ ...wholeScore(), ...change });

beforeEach(() => resetMock('physician'));

describe('growth', () => {
  it('stands under the course of a child, with the latest value in words and the source of the curves', async () => {
    const user = userEvent.setup();
    renderScreen(<ChartPage patientId={childId} section="vitals" onSection={() => undefined} />);
    await user.dblClick(await screen.findByText('Body weight'));
    const region = await screen.findByRole('region', { name: 'Growth' });
    expect(within(region).getByRole('heading', { name: 'Weight for age, boys' })).toBeVisible();
    expect(within(region).getByLabelText('Chosen value among the curves')).toHaveTextContent(/^Percentile 94WHO36.5 kgat 9yz \+1.58/);
    expect(within(region).getByRole('list', { name: 'Source of the curves' })).toHaveTextContent('Source: WHO Child Growth Standards 2006');
    await expectAccessible();
  });

  it('changes the standard and says what it leaves out', async () => {
    const user = userEvent.setup();
    renderScreen(<Growth growth={growth()} />);
    expect(screen.queryByText(/Without a percentile/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'CDC' }));
    expect(screen.getByLabelText('Chosen value among the curves')).toHaveTextContent('Percentile 90CDC');
    expect(screen.getByText(/Without a percentile: 1 value/)).toBeVisible();
  });

  it('moves through the values by keys, and T shows the table with age, value and percentile', async () => {
    const user = userEvent.setup();
    renderScreen(<Growth growth={growth()} />);
    const plot = await screen.findByRole('slider');
    plot.focus();
    await user.keyboard('{Home}');
    expect(plot).toHaveAttribute('aria-valuetext', '1 of 16: 3.4 kg at 0d, percentile 54');
    await user.keyboard('t');
    const table = await screen.findByRole('grid', { name: 'Weight for age, WHO' });
    await waitFor(() => expect(within(table).getByText('36.5 kg')).toBeVisible());
    expect(within(table).getByText('9y')).toBeVisible();
    await expectAccessible();
  });

  it('says why nothing is assessed', () => {
    renderScreen(<Growth growth={{ ...growth(), standards: [], notAssessed: 'Percentiles are not assessed: the birth date is not known to the day.' }} />);
    expect(screen.getByText(/the birth date is not known to the day/)).toBeVisible();
    expect(screen.queryByRole('slider')).toBeNull();
  });
});

describe('the early warning score', () => {
  it('has its total in words, the points of each part and its source', async () => {
    renderScreen(<EarlyWarning warning={score()} />);
    const card = screen.getByRole('region', { name: 'Early warning score' });
    expect(card).toHaveTextContent(/^NEWS25Urgent response threshold \(5 or more\)Minimum 1 hourly/);
    expect(within(card).getAllByRole('listitem')[0]).toHaveTextContent('Respiration rate22 /min2 points');
    expect(card).toHaveTextContent('Source: Royal College of Physicians');
    expect(card).toHaveTextContent('Not for pregnancy');
    await expectAccessible();
  });

  it('is no number when a part is missing, and folded', async () => {
    const user = userEvent.setup();
    const parts = score().parts.map((part) => (part.name === 'Consciousness' ? { ...part, value: '', points: null } : part));
    renderScreen(<EarlyWarning warning={score({ total: null, level: 'none', band: '', response: '', monitoring: '', parts, missing: ['consciousness'] })} />);
    expect(screen.getByText('no score')).toBeVisible();
    expect(screen.getByText('Missing within one hour: consciousness.')).toBeVisible();
    expect(screen.queryByText('Consciousness')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show parts' }));
    expect(screen.getByText('Consciousness').closest('li')).toHaveTextContent('missingno points');
  });

  it('folds to its total and what is missing', async () => {
    const user = userEvent.setup();
    renderScreen(<EarlyWarning warning={score()} />);
    await user.click(screen.getByRole('button', { name: 'Fold' }));
    expect(screen.queryByText('Respiration rate')).toBeNull();
    expect(screen.getByText('Urgent response threshold (5 or more)')).toBeVisible();
  });

  it('shows a part of three points though there is no score', () => {
    const parts = score().parts.map((part) => (part.name === 'Pulse' ? { ...part, value: '140 /min', points: 3 } : { ...part, value: '', points: null }));
    renderScreen(<EarlyWarning warning={score({ total: null, level: 'none', band: '', response: '', monitoring: '', parts, missing: ['respiration rate'] })} />);
    expect(screen.getByText('Pulse').closest('li')).toHaveTextContent('140 /min3 points');
  });

  it('says what was measured since', () => {
    renderScreen(<EarlyWarning warning={score({ newer: 'Measured since, up to 02-Nov-2026 12:30, and not in this score: pulse.' })} />);
    expect(screen.getByText(/not in this score: pulse/)).toBeVisible();
  });

  it('is not for children and says so in one line', async () => {
    renderScreen(<ChartPage patientId={childId} section="vitals" onSection={() => undefined} />);
    expect(await screen.findByText('No early warning score: NEWS2 is for people of 16 years and older.')).toBeVisible();
  });
});
