import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { DestructionPage } from './DestructionPage';

async function open() {
  renderScreen(<DestructionPage />);
  await screen.findByRole('list', { name: 'Requests, newest first' });
  return userEvent.setup();
}

const sent = (command: string) => mock.calls.filter((call) => call.command === command);

beforeEach(() => resetMock('administrator'));

describe('requests for a destruction', () => {
  it.each(['light', 'dark'])('have nothing for axe to find in %s', async (scheme) => {
    const user = await open();
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Ask for a destruction' }));
    await expectAccessible();
  });

  it('open with one that waits for this person, and say what it is about', async () => {
    await open();
    const request = screen.getByRole('article', { name: 'Request 2' });
    expect(within(request).getByText('The whole record (214 entries now)')).toBeVisible();
    expect(within(request).getByText('Granted on the 21st, file 4711')).toBeVisible();
    expect(screen.getByText('2 requests wait for a second person, at most 72 hours.')).toBeVisible();
  });

  it('are agreed to only by naming the patient once more', async () => {
    const user = await open();
    const request = screen.getByRole('article', { name: 'Request 2' });
    const agree = within(request).getByRole('button', { name: 'Agree and destroy the whole record' });
    await user.type(within(request).getByLabelText('Patient id, once more'), 'p2');
    await user.click(agree);
    expect(within(request).getByRole('alert')).toHaveTextContent('This is not the id of the patient above');
    expect(sent('patientDestructionApprove')).toHaveLength(0);
    await user.clear(within(request).getByLabelText('Patient id, once more'));
    await user.type(within(request).getByLabelText('Patient id, once more'), 'p1');
    await user.click(agree);
    expect(await screen.findByText('22-Nov-2026 08:15 by R. HALVORSEN')).toBeVisible();
    expect(screen.getByRole('article', { name: 'Request 2' })).toBeVisible();
  });

  it('are not agreed to by whoever asked, who may take them back', async () => {
    const user = await open();
    await user.click(screen.getByRole('button', { name: /DocumentReference\/d1/ }));
    const request = screen.getByRole('article', { name: 'Request 3' });
    expect(within(request).queryByRole('button', { name: /Agree/ })).toBeNull();
    await user.click(within(request).getByRole('button', { name: 'Withdraw the request' }));
    expect(await screen.findByText('1 request waits for a second person, at most 72 hours.')).toBeVisible();
    expect(sent('patientDestructionWithdraw')[0]?.request).toEqual({ id: 3, patientId: 'p2' });
  });

  it('are made for one entry with type, id and the words that stay', async () => {
    const user = await open();
    await user.click(screen.getByRole('button', { name: 'Ask for a destruction' }));
    const form = screen.getByRole('form', { name: 'Ask for a destruction' });
    await user.click(within(form).getByRole('button', { name: /^Ask;/ }));
    expect(within(form).getByRole('alert')).toHaveTextContent('Type the id of the patient');
    await user.type(within(form).getByLabelText('Patient id'), 'p2');
    await user.click(within(form).getByLabelText('One entry'));
    await user.type(within(form).getByLabelText('Entry'), 'Media/m1');
    await user.selectOptions(within(form).getByLabelText('Why'), 'A court or an authority ordered it');
    await user.type(within(form).getByLabelText('In your words'), 'Order, file 12');
    await user.click(within(form).getByRole('button', { name: /^Ask;/ }));
    expect(await screen.findByRole('button', { name: /^Media\/m1 Waiting/ })).toBeVisible();
    expect(sent('patientDestructionRequest')[0]?.request).toEqual({ patientId: 'p2', resource: 'Media/m1', reason: 'legal-order', words: 'Order, file 12' });
  });

  it('say why they were refused', async () => {
    mock.failures.patientDestructionApprove = { code: 'forbidden', message: 'it takes a second person' };
    const user = await open();
    const request = screen.getByRole('article', { name: 'Request 2' });
    await user.type(within(request).getByLabelText('Patient id, once more'), 'p1');
    await user.click(within(request).getByRole('button', { name: /Agree/ }));
    expect(await within(request).findByText('It takes a second person.')).toBeVisible();
  });

  it('say when there are none', async () => {
    mock.destructions = [];
    renderScreen(<DestructionPage />);
    expect(await screen.findByText('Nobody has asked for a destruction')).toBeVisible();
  });
});
