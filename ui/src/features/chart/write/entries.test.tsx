import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import type { Section } from '@/api/types';
import { App } from '@/app/App';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';

function Chart({ first }: { first: Section }) {
  const [section, setSection] = useState(first);
  return <ChartPage patientId="p0" section={section} onSection={setSection} />;
}

async function open(first: Section) {
  renderScreen(<Chart first={first} />);
  await screen.findByRole('grid');
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  return userEvent.setup();
}

const name = patients[0]?.name ?? '';
const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);
const fieldsOf = (form: HTMLElement) => [...form.querySelectorAll('label')].map((label) => label.textContent);
const sent = { patientId: 'p0', chartOnScreen: 'p0', relative: null, flag: null, class: null, social: null, member: null, udi: null, note: '', code: null };

beforeEach(() => resetMock('physician'));

describe('an entry in words', () => {
  it.each([
    {
      section: 'medications', form: 'Add a medicine', button: 'medicine', keys: 'namoxicillin{Tab}500 mg twice a day{Tab}2026-11{Tab}from the letter{Enter}', row: /amoxicillin.*500 mg twice a day/,
      fields: ['Medicine', 'Dosage, like 500 mg twice a day', 'Since, like 2019-05', 'Note'],
      request: { ...sent, kind: 'medicine', text: 'amoxicillin', detail: '500 mg twice a day', day: '2026-11', note: 'from the letter' },
    },
    {
      section: 'immunizations', form: 'Add an immunization', button: 'immunization', keys: 'nTetanus{Tab}2026-11-02{Tab}AB12{Enter}', row: /Tetanus.*lot AB12/,
      fields: ['Vaccine', 'Given, like 2019-05-03', 'Lot number', 'Note'],
      request: { ...sent, kind: 'immunization', text: 'Tetanus', detail: 'AB12', day: '2026-11-02' },
    },
    {
      section: 'procedures', form: 'Add a procedure', button: 'procedure', keys: 'nSuture{Tab}left hand{Tab}2026{Enter}', row: /Suture.*at left hand/,
      fields: ['Procedure', 'Site', 'When, like 2019-05', 'Note'],
      request: { ...sent, kind: 'procedure', text: 'Suture', detail: 'left hand', day: '2026' },
    },
    {
      section: 'devices', form: 'Add a device', button: 'device', keys: 'nInsulin pump{Tab}{Tab}SN 7{Tab}2025{Enter}', row: /Insulin pump.*serial SN 7/,
      fields: ['Device', 'UDI, typed or scanned', 'Serial number', 'Made, like 2019-05', 'Note'],
      request: { ...sent, kind: 'device', text: 'Insulin pump', detail: 'SN 7', day: '2025' },
    },
    {
      section: 'care-plans', form: 'Add a goal', button: 'goal', keys: 'nWalk daily{Tab}2027-03{Enter}', row: /Goal Walk daily.*target by 2027-03/,
      fields: ['Goal', 'Until, like 2027-03', 'Note'],
      request: { ...sent, kind: 'goal', text: 'Walk daily', detail: '', day: '2027-03' },
    },
  ] as const)('of the kind $button has its own fields and is added by keys alone', async ({ section, form, button, keys, row, fields, request }) => {
    const user = await open(section);
    const panel = screen.getByRole('form', { name: form });
    expect(fieldsOf(panel)).toEqual(fields);
    expect(within(panel).getByRole('button', { name: `Add this ${button} for ${name}` })).toBeVisible();
    await user.keyboard(keys);
    expect(await screen.findByRole('row', { name: row })).toBeVisible();
    expect(requestsOf('entryCreate')).toEqual([request]);
    expect(screen.getByText(/^Stored:/)).toBeVisible();
    for (const field of within(panel).getAllByRole('textbox')) expect(field).toHaveValue('');
    await expectAccessible();
  });

  it('says of a medicine that it is no prescription and is not checked, and of nothing else', async () => {
    await open('medications');
    const caution = 'A statement of what is taken, not a prescription; it is not checked against allergies or other medicines.';
    expect(screen.getByRole('form', { name: 'Add a medicine' })).toHaveTextContent(caution);
    await userEvent.click(screen.getByRole('tab', { name: /^Imms/ }));
    expect(await screen.findByRole('form', { name: 'Add an immunization' })).not.toHaveTextContent('prescription');
    expect(screen.getByRole('form', { name: 'Add an immunization' })).toHaveTextContent('kept as words: not coded');
  });

  it('about a relative is not sent before it says which, nor without what they had', async () => {
    const user = await open('family-history');
    expect(fieldsOf(screen.getByRole('form', { name: 'Add family history' }))).toEqual(['Relative', 'What the relative had', 'At what age, like 55', 'Note']);
    await user.type(screen.getByRole('textbox', { name: 'What the relative had' }), 'stroke{Enter}');
    const relative = screen.getByRole('combobox', { name: 'Relative' });
    expect(screen.getByRole('alert')).toHaveTextContent('Choose which relative');
    expect(relative).toHaveFocus();
    expect(relative).toBeInvalid();
    expect(requestsOf('entryCreate')).toEqual([]);
    await user.selectOptions(relative, 'Father');
    await user.clear(screen.getByRole('textbox', { name: 'What the relative had' }));
    await user.click(screen.getByRole('button', { name: `Add this family history for ${name}` }));
    expect(screen.getByRole('alert')).toHaveTextContent('Type what the relative had');
    expect(requestsOf('entryCreate')).toEqual([]);
    await user.keyboard('stroke{Tab}55{Enter}');
    expect(await screen.findByRole('row', { name: /Father.*stroke \(at age 55\)/ })).toBeVisible();
    expect(requestsOf('entryCreate')).toEqual([{ ...sent, kind: 'family-history', relative: 'father', text: 'stroke', day: '', detail: '55' }]);
    expect(screen.getByRole('combobox', { name: 'Relative' })).toHaveValue('');
  });

  it('that is a flag says of what it warns, and needs words only where that does not say enough', async () => {
    const user = await open('flags');
    const form = screen.getByRole('form', { name: 'Set a flag' });
    expect(fieldsOf(form)).toEqual(['Flag', 'In words', 'Since, today if empty', 'Note']);
    expect(form).toHaveTextContent('it is no order');
    await user.keyboard('n{Tab}{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent('Choose of what the flag warns');
    const choice = screen.getByRole('combobox', { name: 'Flag' });
    expect(choice).toHaveFocus();
    await user.selectOptions(choice, 'Code status');
    await user.click(screen.getByRole('button', { name: `Set this flag for ${name}` }));
    expect(screen.getByRole('alert')).toHaveTextContent('Type what the flag says');
    expect(requestsOf('entryCreate')).toEqual([]);
    await user.keyboard('Do not resuscitate{Enter}');
    expect(await screen.findByRole('row', { name: /Do not resuscitate/ })).toBeVisible();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Flag' }), 'Isolation: airborne');
    await user.click(screen.getByRole('button', { name: `Set this flag for ${name}` }));
    expect(await screen.findByRole('row', { name: /airborne/ })).toBeVisible();
    const flag = { ...sent, kind: 'flag', detail: '', day: '' };
    expect(requestsOf('entryCreate')).toEqual([
      { ...flag, flag: 'code-status', text: 'Do not resuscitate' },
      { ...flag, flag: 'airborne-isolation', text: '' },
    ]);
    await expectAccessible();
  });

  it('that is an encounter is opened with its class, and a second open one is said before it is stored', async () => {
    const user = await open('encounters');
    const form = screen.getByRole('form', { name: 'Open an encounter' });
    expect(fieldsOf(form)).toEqual(['Class', 'Reason', 'Begun, now if empty', 'With, besides you', 'Note']);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Class' }), 'Emergency');
    expect(form).not.toHaveTextContent('is open since');
    await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'Chest pain{Enter}');
    expect(await screen.findByRole('row', { name: /Chest pain.*open/ })).toBeVisible();
    expect(requestsOf('entryCreate')).toEqual([{ ...sent, kind: 'encounter', class: 'emergency', text: 'Chest pain', day: '', detail: '' }]);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Class' }), 'Emergency');
    expect(form).toHaveTextContent('An encounter of this class is open since 22-Nov-2026. Close it if it is over.');
    await expectAccessible();
  });

  it('that is an encounter is opened at the front desk too, and nothing else is written there', async () => {
    resetMock('front-desk');
    const user = await open('encounters');
    expect(screen.getByRole('form', { name: 'Open an encounter' })).toBeVisible();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Class' }), 'Ambulatory');
    await user.selectOptions(screen.getByRole('combobox', { name: 'With, besides you' }), 'Dr B. LINDH, physician');
    await user.click(screen.getByRole('button', { name: `Open this encounter for ${name}` }));
    await waitFor(() => expect(requestsOf('entryCreate')).toEqual([{ ...sent, kind: 'encounter', class: 'ambulatory', member: 'u-lindh', text: '', day: '', detail: '' }]));
    await user.dblClick(screen.getAllByRole('row', { name: /Check-up/ })[0] ?? document.body);
    const reason = (await screen.findByText('Reason', { selector: 'dt' })).nextElementSibling;
    expect(reason, 'what is hidden is not said to be unknown').toHaveTextContent('Not shown to your role');
    await userEvent.click(screen.getByRole('tab', { name: /^Flags/ }));
    await screen.findByRole('row', { name: /Fall risk/ });
    expect(screen.queryByRole('form')).toBeNull();
  });

  it('is one though Enter is pressed twice', async () => {
    const user = await open('procedures');
    mock.delay = 400;
    await user.keyboard('nSuture{Enter}{Enter}');
    await screen.findByText('Stored: Suture');
    expect(requestsOf('entryCreate')).toHaveLength(1);
  });

  it('is taken back at once by whoever wrote it, and says so', async () => {
    const user = await open('procedures');
    await user.keyboard('nSuture{Enter}');
    await screen.findByText('Stored: Suture');
    mock.failures.writeUndo = { code: 'version-conflict', message: 'somebody has written here since' };
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Not taken back. Somebody has written here since.')).toBeVisible();
    mock.failures = {};
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Taken back. What was before stands again.')).toBeVisible();
    expect(requestsOf('writeUndo')).toHaveLength(2);
    expect(requestsOf('writeUndo')[0]).toEqual({ patientId: 'p0', chartOnScreen: 'p0' });
    expect(screen.queryByRole('button', { name: 'Undo' }), 'once').toBeNull();
    await expectAccessible();
  });

  it('that the core refuses stays in its fields', async () => {
    const user = await open('devices');
    mock.written.onScreen = 'p1';
    await user.keyboard('nInsulin pump{Tab}{Tab}SN 7{Enter}');
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('This would have been written in another chart'));
    expect(screen.getByRole('textbox', { name: 'Device' })).toHaveValue('Insulin pump');
    expect(screen.getByRole('textbox', { name: 'Serial number' })).toHaveValue('SN 7');
    expect(screen.queryByText(/^Stored:/)).toBeNull();
  });

  it('that was being typed outlives a lock, and not its being stored', async () => {
    mock.place = JSON.stringify({ page: 'chart', patientId: 'p0', charts: [{ patientId: 'p0', section: 'family-history', slot: 0 }], focus: null, kept: {}, scrolled: {} });
    render(<App />);
    const user = userEvent.setup();
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Relative' }), 'Aunt');
    await user.type(screen.getByRole('textbox', { name: 'What the relative had' }), 'glaucoma');
    await user.type(screen.getByRole('textbox', { name: 'Note' }), 'as told');
    const lockAndUnlock = async () => {
      await user.keyboard('{Control>}l{/Control}');
      await user.type(await screen.findByLabelText('Password'), 'correct horse battery{Enter}');
      return await screen.findByRole('textbox', { name: 'What the relative had' });
    };
    expect(await lockAndUnlock()).toHaveValue('glaucoma');
    expect(screen.getByRole('textbox', { name: 'Note' })).toHaveValue('as told');
    expect(screen.getByRole('combobox', { name: 'Relative' })).toHaveValue('aunt');
    await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
    await user.click(screen.getByRole('button', { name: `Add this family history for ${name}` }));
    await screen.findByText('Stored: glaucoma');
    expect(await lockAndUnlock()).toHaveValue('');
  });
});

describe('what is done with an entry', () => {
  it.each([
    ['medications', /paracetamol/, 'medicine', 'Stop', 'Why it is stopped', `Stop this medicine for ${name}`, 'stopped', { kind: 'medicine', id: 'md5' }],
    ['flags', /Fall risk/, 'flag', 'End', 'Why it ends', `End this flag for ${name}`, 'inactive', { kind: 'flag', id: 'fl1' }],
    ['devices', /pacemaker/, 'device', 'Take out of use', 'Why it is taken out of use', `Take this device out of use for ${name}`, 'inactive', { kind: 'device', id: 'dv1' }],
  ] as const)('on the page %s it ends with a reason, by a button that names action and patient', async (section, row, what, action, why, confirm, status, request) => {
    const user = await open(section);
    await user.dblClick(screen.getByRole('row', { name: row }));
    const actions = await screen.findByRole('region', { name: `Change this ${what}` });
    await user.click(within(actions).getByRole('button', { name: action }));
    expect(screen.getByRole('textbox', { name: why })).toHaveFocus();
    await user.keyboard('as agreed');
    await user.click(screen.getByRole('button', { name: confirm }));
    expect(await screen.findByText(`Stored: ${status}`)).toBeVisible();
    expect(requestsOf('entryUpdate')).toEqual([{ patientId: 'p0', chartOnScreen: 'p0', version: 1, step: 'end', edit: null, text: 'as agreed', ...request }]);
    await waitFor(() => expect(screen.getByRole('row', { name: row })).toHaveTextContent(status));
    expect(within(actions).queryByRole('button', { name: action }), 'it does not end twice').toBeNull();
    await expectAccessible();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('grid'), 'Esc goes back to the list').toHaveFocus();
  });

  it('a goal is reached, and is a mistake after all, each based on the version before', async () => {
    const user = await open('care-plans');
    await user.keyboard('nWalk daily{Enter}');
    await user.dblClick(await screen.findByRole('row', { name: /Goal Walk daily/ }));
    await user.click(await screen.findByRole('button', { name: 'Reached' }));
    await user.click(screen.getByRole('button', { name: `Mark this goal as reached for ${name}` }));
    await waitFor(() => expect(screen.getByRole('row', { name: /Goal Walk daily/ })).toHaveTextContent('completed'));
    await user.click(screen.getByRole('button', { name: 'Entered in error' }));
    await user.keyboard('other patient{Enter}');
    expect(await screen.findByText(/^Entered in error: it changes no more/)).toBeVisible();
    expect(requestsOf('entryUpdate')).toMatchObject([
      { kind: 'goal', version: 1, step: 'end' },
      { kind: 'goal', version: 2, step: 'enter-in-error', text: 'other patient' },
    ]);
  });

  it.each([
    ['immunizations', /Influenza/, 'immunization', { kind: 'immunization', id: 'im1' }],
    ['procedures', /Appendectomy/, 'procedure', { kind: 'procedure', id: 'pc1' }],
    ['family-history', /Mother/, 'family history', { kind: 'family-history', id: 'fh1' }],
  ] as const)('on the page %s nothing ends, but it can be a mistake', async (section, row, what, request) => {
    const user = await open(section);
    await user.dblClick(screen.getByRole('row', { name: row }));
    const actions = await screen.findByRole('region', { name: `Change this ${what}` });
    expect(within(actions).getAllByRole('button').map((button) => button.textContent)).toEqual(['Change', 'Entered in error']);
    await user.click(within(actions).getByRole('button', { name: 'Entered in error' }));
    await user.click(screen.getByRole('button', { name: `Mark this ${what} as entered in error for ${name}` }));
    expect(await screen.findByText(/^Entered in error: it changes no more/)).toBeVisible();
    expect(screen.getByRole('row', { name: row })).toHaveTextContent('entered in error');
    expect(requestsOf('entryUpdate')).toEqual([{ patientId: 'p0', chartOnScreen: 'p0', version: 1, step: 'enter-in-error', edit: null, text: '', ...request }]);
  });

  it('is not done over what somebody else has stored meanwhile, and the reason stays', async () => {
    const user = await open('medications');
    await user.dblClick(screen.getByRole('row', { name: /paracetamol/ }));
    await user.click(await screen.findByRole('button', { name: 'Stop' }));
    mock.written.entries.steps.md5 = ['end'];
    await user.keyboard('nausea{Enter}');
    const again = await screen.findByRole('button', { name: 'Read this chart again' });
    expect(screen.getByRole('textbox', { name: 'Why it is stopped' })).toHaveValue('nausea');
    await user.click(again);
    await waitFor(() => expect(screen.getByRole('row', { name: /paracetamol/ })).toHaveTextContent('stopped'));
    expect(mock.written.entries.steps.md5).toEqual(['end']);
  });

  it.each([
    ['medications', /metFORMIN/],
    ['care-plans', /Diabetes self management plan/],
  ] as const)('is nothing for a row of another type on the page %s', async (section, row) => {
    const user = await open(section);
    await user.dblClick(screen.getByRole('row', { name: row }));
    await screen.findByRole('button', { name: 'Show its history' });
    expect(screen.queryByRole('region', { name: /^Change this/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Entered in error' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show its history' }));
    await screen.findByRole('region', { name: 'History' });
    expect(screen.queryByRole('button', { name: /^Restore/ })).toBeNull();
  });

  it('an encounter that goes on is closed, and one that is over is not', async () => {
    const user = await open('encounters');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Class' }), 'Emergency');
    await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'Chest pain{Enter}');
    await user.dblClick(await screen.findByText('open'));
    await user.click(await screen.findByRole('button', { name: 'Close' }));
    await user.click(screen.getByRole('button', { name: `Close this encounter for ${name}` }));
    const actions = await screen.findByRole('region', { name: 'Change this encounter' });
    await waitFor(() => expect(within(actions).queryByRole('button', { name: 'Close' })).toBeNull());
    expect(screen.queryByText('open')).toBeNull();
    expect(requestsOf('entryUpdate')).toMatchObject([{ kind: 'encounter', step: 'end', version: 1 }]);
  });

  it('can be taken back from its history', async () => {
    const user = await open('devices');
    await user.dblClick(screen.getByRole('row', { name: /pacemaker/ }));
    await user.click(await screen.findByRole('button', { name: 'Show its history' }));
    await user.click(await screen.findByRole('button', { name: `Restore version 1 for ${name}` }));
    await waitFor(() => expect(requestsOf('resourceRestore')).toMatchObject([{ patientId: 'p0', resourceType: 'Device', id: 'dv1', version: 2, restore: 1 }]));
  });
});

describe('who writes which entries', () => {
  const forms = { medications: 'Add a medicine', immunizations: 'Add an immunization', procedures: 'Add a procedure', 'care-plans': 'Add a goal', 'family-history': 'Add family history', devices: 'Add a device', flags: 'Set a flag' } as const;
  const pages = Object.keys(forms) as (keyof typeof forms)[];

  it.each([
    ['physician', pages],
    ['nurse', ['medications', 'immunizations', 'care-plans', 'family-history', 'flags']],
    ['pharmacist', ['medications', 'immunizations']],
  ] as const)('a %s is offered a line and actions where they write, and nowhere else', async (role, written: readonly string[]) => {
    for (const page of pages) {
      resetMock(role);
      const { unmount } = renderScreen(<Chart first={page} />);
      const row = (await screen.findAllByRole('row')).at(-1);
      const form = screen.queryByRole('form', { name: forms[page] });
      expect(form !== null, `${role} on ${page}`).toBe(written.includes(page));
      if (row !== undefined && page !== 'care-plans') {
        await userEvent.dblClick(row);
        await screen.findByRole('button', { name: 'Show its history' });
        expect(screen.queryByRole('region', { name: /^Change this/ }) !== null, `${role} on ${page}`).toBe(written.includes(page));
      }
      unmount();
    }
  });
});
