import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { AskContext } from '@/api/reauthentication';
import type { Section } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';

/** Whoever is asked authenticates. */
function ask() {
  mock.notes.fresh = true;
  return Promise.resolve(true);
}

function Chart() {
  const [section, setSection] = useState<Section>('documents');
  return (
    <AskContext value={ask}>
      <ChartPage patientId="p0" section={section} onSection={setSection} />
    </AskContext>
  );
}

async function begin() {
  renderScreen(<Chart />);
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  await screen.findByRole('group', { name: 'New note' });
  const user = userEvent.setup();
  await user.keyboard('n1');
  await screen.findByRole('region', { name: 'Progress note' });
  return { user };
}

const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);
const stored = () => screen.findByText(/^Draft stored \d/, { selector: '[role=status]' }, { timeout: 4_000 });

beforeEach(() => resetMock('physician'));

describe('the encounter of a note', () => {
  const inpatient = { id: 'e1', words: 'Inpatient encounter since 18-Nov-2026', own: true };
  const visit = { id: 'e2', words: 'Ambulatory since 21-Nov-2026', own: false };

  it('is the one that is open, without a question', async () => {
    mock.notes.encounters = [inpatient];
    const { user } = await begin();
    expect(screen.getByRole('combobox', { name: 'Encounter' })).toHaveValue('e1');
    await user.keyboard('Better.');
    await stored();
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByText(/^Signed:/)).toBeVisible();
    expect(requestsOf('noteSign').at(-1)).toMatchObject({ encounter: 'e1' });
    expect(await screen.findByRole('row', { name: /Progress note.*Inpatient encounter since 18-Nov-2026/ })).toBeVisible();
  });

  it('of several is asked for before it is signed, and one key says which', async () => {
    mock.notes.encounters = [inpatient, visit];
    const { user } = await begin();
    await user.keyboard('Better.');
    await stored();
    await user.keyboard('{Control>}{Enter}{/Control}');
    const which = await screen.findByRole('region', { name: 'Which encounter' });
    expect(which).toHaveTextContent('Inpatient encounter since 18-Nov-2026, with you');
    expect(requestsOf('noteSign')).toEqual([]);
    await expectAccessible();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('region', { name: 'Which encounter' })).toBeNull();
    await user.click(screen.getByRole('button', { name: /^Sign this/ }));
    await screen.findByRole('region', { name: 'Which encounter' });
    await user.keyboard('2');
    expect(await screen.findByText(/^Signed:/)).toBeVisible();
    expect(requestsOf('noteSign').at(-1)).toMatchObject({ encounter: 'e2' });
  });

  it('may be none', async () => {
    mock.notes.encounters = [inpatient, visit];
    const { user } = await begin();
    await user.keyboard('Better.');
    await stored();
    await user.keyboard('{Control>}{Enter}{/Control}');
    await screen.findByRole('region', { name: 'Which encounter' });
    await user.keyboard('0');
    expect(await screen.findByText(/^Signed:/)).toBeVisible();
    expect(requestsOf('noteSign').at(-1)).toMatchObject({ encounter: null });
  });
});
