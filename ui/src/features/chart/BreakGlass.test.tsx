import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from './ChartPage';

async function open() {
  renderScreen(<ChartPage patientId="p5" section="problems" onSection={() => undefined} />);
  await screen.findByRole('region', { name: 'Emergency access' });
  return userEvent.setup();
}

beforeEach(() => resetMock('physician'));

describe('a restricted chart', () => {
  it.each(['light', 'dark'])('has nothing for axe to find in %s, closed and open', async (scheme) => {
    const user = await open();
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    await expectAccessible();
    await fill(user);
    await screen.findByRole('timer');
    await expectAccessible();
  });

  it('says whose it is and what will happen, and shows nothing else of it', async () => {
    await open();
    const panel = screen.getByRole('region', { name: 'Emergency access' });
    expect(panel).toHaveTextContent('GARCÍA');
    expect(panel).toHaveTextContent('It is recorded');
    expect(panel).toHaveTextContent('Somebody else reviews it');
    expect(screen.queryByRole('region', { name: 'Patient' })).toBeNull();
    expect(mock.calls.some((call) => call.command === 'sectionRead')).toBe(false);
  });

  it('opens with a reason, a sentence and the password, and counts down', async () => {
    const user = await open();
    await fill(user);
    expect(await screen.findByRole('timer', { name: 'Time left' })).toHaveTextContent(/60:00|59:5\d/);
    expect(screen.getByRole('region', { name: 'Patient' })).toBeVisible();
    const sent = mock.calls.find((call) => call.command === 'emergencyAccessCreate')?.request;
    expect(sent).toEqual({ patientId: 'p5', reason: 'unable-to-consent', justification: 'Found unconscious in the waiting room' });
  });

  it('picks a reason by its digit, but not while somebody writes', async () => {
    const user = await open();
    screen.getByRole('radio', { name: /Emergency treatment/ }).focus();
    await user.keyboard('2');
    expect(screen.getByRole('radio', { name: /cannot be asked/ })).toBeChecked();
    await user.type(screen.getByRole('textbox', { name: 'In your own words' }), 'bed 3');
    expect(screen.getByRole('radio', { name: /cannot be asked/ })).toBeChecked();
  });

  it('says what is missing, and forgets the password each time', async () => {
    const user = await open();
    const go = screen.getByRole('button', { name: /^Open the chart of GARCÍA/ });
    await user.click(go);
    expect(screen.getByText('Choose a reason')).toBeVisible();
    await user.click(screen.getByRole('radio', { name: /Another reason/ }));
    await user.type(screen.getByRole('textbox', { name: 'In your own words' }), 'short');
    await user.type(screen.getByLabelText('Your password, again'), 'secret words');
    await user.click(go);
    expect(screen.getByText('Write at least 10 characters')).toBeVisible();
    expect(screen.getByLabelText('Your password, again')).toHaveValue('');
    expect(mock.calls.some((call) => call.command === 'emergencyAccessCreate')).toBe(false);
  });

  it('closes when it is ended, and nothing of the chart stays', async () => {
    const user = await open();
    await fill(user);
    await user.click(await screen.findByRole('button', { name: /^End access to GARCÍA/ }));
    expect(await screen.findByRole('form', { name: 'Break the glass' })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Patient' })).toBeNull());
  });

  it('asks for the password alone after a lock', async () => {
    mock.interrupted = { reason: 'safety', secondsLeft: 1500 };
    const user = await open();
    expect(screen.getByRole('form', { name: 'Go on with the emergency access' })).toHaveTextContent('25 minutes');
    await user.type(screen.getByLabelText('Your password, again'), 'right{Enter}');
    expect(await screen.findByRole('timer')).toHaveTextContent(/25:00|24:5\d/);
  });

  it('tells the front desk whom to call', async () => {
    resetMock('front-desk');
    await open();
    expect(screen.getByText(/call a physician/)).toBeVisible();
    expect(screen.queryByRole('form')).toBeNull();
  });
});

async function fill(user: ReturnType<typeof userEvent.setup>) {
  await user.click(screen.getByRole('radio', { name: /cannot be asked/ }));
  await user.type(screen.getByRole('textbox', { name: 'In your own words' }), 'Found unconscious in the waiting room');
  await user.type(screen.getByLabelText('Your password, again'), 'right');
  await user.click(screen.getByRole('button', { name: /^Open the chart of GARCÍA/ }));
}
