import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ReviewsPage } from './ReviewsPage';

async function open() {
  renderScreen(<ReviewsPage />);
  await screen.findByRole('list', { name: 'Emergency accesses, newest first' });
  return userEvent.setup();
}

beforeEach(() => resetMock('privacy-officer'));

describe('the queue of emergency accesses', () => {
  it.each(['light', 'dark'])('has nothing for axe to find in %s', async (scheme) => {
    await open();
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    await expectAccessible();
  });

  it('counts what is not reviewed and what is overdue', async () => {
    await open();
    expect(screen.getByRole('status')).toHaveTextContent('2 not reviewed, 1 of them overdue.');
  });

  it('does not let anybody review their own', async () => {
    await open();
    expect(screen.getByText('This access was yours. Somebody else reviews it.')).toBeVisible();
    expect(screen.queryByRole('form', { name: 'Review' })).toBeNull();
  });

  it('shows what was done and takes a verdict with its note', async () => {
    const user = await open();
    await user.click(screen.getByRole('button', { name: /Dr A. OKAFOR/ }));
    const done = screen.getByRole('table', { name: 'What was done in it' });
    expect(within(done).getByText('read medications')).toBeVisible();
    const record = screen.getByRole('button', { name: 'Record the review of Dr A. OKAFOR' });
    await user.click(screen.getByRole('radio', { name: 'Inappropriate' }));
    await user.click(record);
    expect(screen.getByRole('alert')).toHaveTextContent('Say in a note');
    await user.type(screen.getByRole('textbox', { name: 'Note' }), 'No emergency is on record');
    await user.click(record);
    expect(await screen.findByText('No emergency is on record')).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('1 not reviewed, 0 of them overdue.');
  });

  it('narrows the queue to what is flagged and says what a flag means', async () => {
    const user = await open();
    const list = screen.getByRole('list', { name: 'Emergency accesses, newest first' });
    expect(within(list).getAllByRole('button')).toHaveLength(2);
    await user.click(screen.getByRole('checkbox', { name: 'Flagged only' }));
    expect(within(list).getAllByRole('button')).toHaveLength(1);
    const access = screen.getByRole('article', { name: 'Emergency access of Dr A. OKAFOR' });
    expect(within(access).getByText('The user and the patient have the same family name.')).toBeVisible();
  });

  it('says that there was none', async () => {
    mock.emergencies = [];
    renderScreen(<ReviewsPage />);
    expect(await screen.findByText('No emergency access so far')).toBeVisible();
  });
});
