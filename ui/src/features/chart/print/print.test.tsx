import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { abilities } from '@/api/mockAbilities';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import { someNotes } from '@/api/mockNote';
import type { Role, Section } from '@/api/types';
import { KeepWith } from '@/lib/kept';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';
import { atNote } from '../note/place';

vi.mock('uplot', () => ({
  default: class {
    destroy() {}
    redraw() {}
    setSize() {}
  },
}));

const name = patients[0]?.name ?? '';

async function openChart(role: Role, section: Section, kept = new Map<string, string | number | boolean | null>()) {
  renderScreen(
    <KeepWith keeper={{ read: (key) => kept.get(key), write: (key, value) => void kept.set(key, value) }}>
      <ChartPage patientId="p0" section={section} prints={abilities[role].print} onSection={() => undefined} />
    </KeepWith>,
  );
  await screen.findByRole('region', { name: 'Patient' });
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  return userEvent.setup();
}

const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request as Record<string, unknown>);

describe('printing', () => {
  beforeEach(() => resetMock('physician'));

  it('opens by key in place of the section, for the kind that fits it, and the button names what is printed and whose', async () => {
    const user = await openChart('physician', 'medications');
    await user.keyboard('{Alt>}p{/Alt}');
    const form = await screen.findByRole('form', { name: 'Print' });
    expect(screen.getByRole('region', { name: 'Patient' }), 'the banner stays').toHaveTextContent(name);
    expect(within(form).getByRole('radio', { name: /^Medication list/ })).toBeChecked();
    expect(await within(form).findByRole('combobox', { name: 'Printer' }), 'the usual one').toHaveValue('Ward-3');
    await expectAccessible();
    await user.click(within(form).getByRole('button', { name: `Print medication list of ${name}` }));
    expect(await screen.findByText(/handed to the printer Ward-3; on record/)).toBeVisible();
    expect(requestsOf('printCreate')).toMatchObject([{ patientId: 'p0', chartOnScreen: 'p0', kind: 'medication-list', purpose: 'patient', printer: 'Ward-3', path: null, copies: 1 }]);
    await user.click(screen.getByRole('button', { name: 'Back to the chart' }));
    expect(await screen.findByRole('button', { name: 'Print' }), 'where it was opened').toHaveFocus();
  });

  it('asks who gets it and why before anything leaves the house', async () => {
    const user = await openChart('physician', 'medications');
    await user.click(screen.getByRole('button', { name: 'Print' }));
    await user.click(await screen.findByRole('radio', { name: 'Somebody else' }));
    const go = screen.getByRole('button', { name: `Print medication list of ${name}` });
    await user.click(go);
    expect(screen.getByRole('alert')).toHaveTextContent('Say on what ground somebody else gets it.');
    await user.selectOptions(screen.getByRole('combobox', { name: 'On what ground' }), 'Research');
    await user.type(screen.getByRole('textbox', { name: 'Who' }), 'City court');
    await user.click(go);
    expect(screen.getByRole('alert')).toHaveTextContent('Say what they get it for');
    expect(requestsOf('printCreate'), 'nothing left').toEqual([]);
    await user.type(screen.getByRole('textbox', { name: 'What for' }), 'order 12');
    await user.click(go);
    await waitFor(() => expect(requestsOf('printCreate')).toMatchObject([{ purpose: 'other', basis: 'research', recipient: 'City court', reason: 'order 12' }]));
    await expectAccessible();
  });

  it('draws the pages when asked, and takes them away when something else is chosen', async () => {
    const user = await openChart('physician', 'summary');
    await user.click(screen.getByRole('button', { name: 'Print' }));
    await screen.findByRole('form', { name: 'Print' });
    expect(requestsOf('printPreview'), 'to look is on record, so it is asked for').toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Show how it will look' }));
    expect(await screen.findByRole('img', { name: `Visit summary of ${name}, page 1 of 2` })).toBeVisible();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Size of the paper' }), 'Letter');
    expect(screen.queryByRole('img', { name: /Visit summary/ }), 'a picture of what was chosen before').toBeNull();
  });

  it('prints the note that is read, and says which letters the fonts lack', async () => {
    mock.notes = someNotes();
    const user = await openChart('physician', 'documents', new Map(Object.entries(atNote('no2').kept)));
    await user.click(await screen.findByRole('button', { name: 'Print this note' }));
    const which = await screen.findByRole('combobox', { name: 'Which note' });
    await waitFor(() => expect(which).toHaveValue('no2'));
    await user.click(screen.getByRole('button', { name: 'Show how it will look' }));
    expect(await screen.findByText(/fonts lack U\+75C5/)).toBeVisible();
    expect(requestsOf('printPreview')).toMatchObject([{ kind: 'note', note: 'no2' }]);
  });

  it('saves a file where there is no printer, under a name that is nobody’s', async () => {
    mock.printers = { printers: [], usual: null, problem: 'no printer is set up on this workstation; save a file' };
    const user = await openChart('physician', 'medications');
    await user.click(screen.getByRole('button', { name: 'Print' }));
    expect(await screen.findByText('No printer is set up on this workstation; save a file.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: `Save medication list of ${name}` }));
    await waitFor(() => expect(requestsOf('printCreate')).toMatchObject([{ printer: null, path: '/media/usb/medication-list.pdf' }]));
  });

  it('gives the front desk wristbands and labels, for care, of a size that can be changed', async () => {
    resetMock('front-desk');
    const user = await openChart('front-desk', 'encounters');
    await user.click(screen.getByRole('button', { name: 'Print' }));
    const form = await screen.findByRole('form', { name: 'Print' });
    expect(within(form).getAllByRole('radio', { name: /Wristband|Labels|Note|list|summary/ }).map((one) => (one as HTMLInputElement).value), 'nothing clinical').toEqual(['wristband', 'labels']);
    expect(within(form).queryByRole('radio', { name: 'Somebody else' }), 'they are for care').toBeNull();
    await user.selectOptions(within(form).getByRole('combobox', { name: 'Size' }), 'Child, 178 by 25 mm');
    await user.click(await within(form).findByRole('button', { name: `Print wristband of ${name}` }));
    await waitFor(() => expect(requestsOf('printCreate')).toMatchObject([{ kind: 'wristband', purpose: 'care', band: { length: 1780, breadth: 250 } }]));
    await user.click(within(form).getByRole('radio', { name: /^Labels/ }));
    expect(within(form).getByRole('button', { name: `Print labels of ${name}` })).toBeVisible();
    await expectAccessible();
  });

  it('is not there for whoever prints nothing', async () => {
    resetMock('billing');
    const user = await openChart('billing', 'encounters');
    expect(screen.queryByRole('button', { name: 'Print' })).toBeNull();
    await user.keyboard('{Alt>}p{/Alt}');
    expect(screen.queryByRole('form', { name: 'Print' })).toBeNull();
  });
});
