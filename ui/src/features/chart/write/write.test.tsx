import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import type { Section } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';
import { mistakeOf, trimmed, vitalSigns } from './vitalSigns';

function Chart({ first }: { first: Section }) {
  const [section, setSection] = useState(first);
  return <ChartPage patientId="p0" section={section} onSection={setSection} />;
}

async function open(first: Section) {
  renderScreen(<Chart first={first} />);
  await screen.findByRole('region', { name: 'Patient' });
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  return userEvent.setup();
}

const name = patients[0]?.name ?? '';
const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);

beforeEach(() => resetMock('physician'));

describe('vital signs', () => {
  it('are typed in one line by keys alone and sent with patient, chart and units', async () => {
    const user = await open('vitals');
    await screen.findByRole('form', { name: 'Record vital signs' });
    await user.keyboard('n');
    expect(screen.getByRole('textbox', { name: 'Blood pressure' })).toHaveFocus();
    await user.keyboard('128 / 82{Tab}72{Tab}{Tab}98.6');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Unit of temperature' }), '°F');
    await user.click(screen.getByRole('button', { name: `Record vital signs for ${name}` }));
    expect(await screen.findByText(/^Stored:/)).toBeVisible();
    expect(requestsOf('vitalSignsCreate')).toEqual([
      {
        patientId: 'p0',
        chartOnScreen: 'p0',
        measuredAt: null,
        confirmed: false,
        entries: [
          { sign: 'blood-pressure', value: '128/82', unit: 'mm[Hg]' },
          { sign: 'heart-rate', value: '72', unit: '/min' },
          { sign: 'body-temperature', value: '98.6', unit: '[degF]' },
        ],
      },
    ]);
    expect(screen.getByRole('textbox', { name: 'Pulse' })).toHaveValue('');
    await expectAccessible();
  });

  it('take oxygen and consciousness, which the early-warning score counts, and Enter records from a choice too', async () => {
    const user = await open('vitals');
    await user.type(await screen.findByRole('textbox', { name: 'Oxygen, 0 is air' }), '0{Tab}');
    expect(screen.getByRole('combobox', { name: 'Responds (ACVPU)' })).toHaveFocus();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Responds (ACVPU)' }), 'Voice');
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/^Stored:/)).toBeVisible();
    expect(requestsOf('vitalSignsCreate')).toMatchObject([
      {
        entries: [
          { sign: 'inhaled-oxygen', value: '0', unit: 'L/min' },
          { sign: 'consciousness', value: 'V', unit: '' },
        ],
      },
    ]);
    expect(screen.getByRole('combobox', { name: 'Responds (ACVPU)' })).toHaveValue('');
  });

  it('that are hardly possible are asked about, and recorded as they were asked about', async () => {
    const user = await open('vitals');
    const pulse = await screen.findByRole('textbox', { name: 'Pulse' });
    mock.failures.vitalSignsCreate = { code: 'implausible', message: 'Heart rate: outside of 0 to 350 /min' };
    await user.type(pulse, '720{Enter}');
    const confirm = { name: `It is right: record it for ${name}` };
    expect(await screen.findByRole('button', confirm)).toBeVisible();
    await expectAccessible();
    await user.type(pulse, '{Backspace}');
    expect(screen.queryByRole('button', confirm), 'another value is asked about anew').toBeNull();
    await user.keyboard('1{Enter}');
    const again = await screen.findByRole('button', confirm);
    mock.failures = {};
    await user.click(again);
    expect(await screen.findByText(/^Stored:/)).toBeVisible();
    const sent = requestsOf('vitalSignsCreate') as { confirmed: boolean; entries: { value: string }[] }[];
    expect(sent.map((one) => [one.confirmed, one.entries[0]?.value])).toEqual([
      [false, '720'],
      [false, '721'],
      [true, '721'],
    ]);
  });

  it('are not sent while one of them is no number', async () => {
    const user = await open('vitals');
    await user.type(await screen.findByRole('textbox', { name: 'Pulse' }), '7x2{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent('Pulse: write it like 72');
    expect(screen.getByRole('textbox', { name: 'Pulse' })).toHaveFocus();
    expect(requestsOf('vitalSignsCreate')).toEqual([]);
  });

  it('stay on the page when the core refuses them', async () => {
    const user = await open('vitals');
    mock.written.onScreen = 'p1';
    await user.type(await screen.findByRole('textbox', { name: 'Pulse' }), '72{Enter}');
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('This would have been written in another chart'));
    expect(screen.getByRole('textbox', { name: 'Pulse' })).toHaveValue('72');
    expect(screen.queryByText(/^Stored:/)).toBeNull();
  });

  it('have a form of their own each', () => {
    const of = (sign: string) => vitalSigns.find((one) => one.sign === sign);
    const wrong = (sign: string, value: string) => {
      const typed = of(sign);
      return typed === undefined ? 'unknown' : mistakeOf(typed, trimmed(value));
    };
    expect(wrong('blood-pressure', '120 / 80')).toBeUndefined();
    expect(wrong('blood-pressure', '120')).toBe('Blood pressure: write it like 120/80');
    expect(wrong('heart-rate', '72.5')).toBeDefined();
    expect(wrong('body-temperature', '36,8')).toBeDefined();
    expect(wrong('body-temperature', '36.8')).toBeUndefined();
    expect(wrong('body-weight', '-70')).toBeDefined();
  });
});

describe('a correction', () => {
  it('names the value, its moment and the patient', async () => {
    const user = await open('vitals');
    await user.dblClick(await screen.findByRole('row', { name: /Heart rate/ }));
    await user.click(await screen.findByRole('button', { name: 'This value is wrong' }));
    await user.keyboard('72');
    await user.click(screen.getByRole('button', { name: `Correct heart rate for ${name}` }));
    expect(await screen.findByText('Stored: Marked as entered in error')).toBeVisible();
    expect(requestsOf('vitalSignCorrect')).toMatchObject([{ patientId: 'p0', version: 1, replacement: { sign: 'heart-rate', value: '72', unit: '/min' } }]);
  });
});

describe('an allergy', () => {
  it('takes two keys besides its name', async () => {
    const user = await open('allergies');
    await screen.findByRole('form', { name: 'Add an allergy' });
    await user.keyboard('npeanut{Enter}');
    expect(await screen.findByText('Stored: peanut')).toBeVisible();
    expect(await screen.findByRole('row', { name: /peanut/ })).toBeVisible();
    expect(screen.getByRole('combobox', { name: 'Allergy or intolerance to' })).toHaveValue('');
  });

  it('is changed by a button that names the action and the patient', async () => {
    const user = await open('allergies');
    await user.dblClick(await screen.findByRole('row', { name: /latex/ }));
    const actions = await screen.findByRole('region', { name: 'Change this allergy' });
    await user.click(within(actions).getByRole('button', { name: 'Entered in error' }));
    await user.keyboard('other patient');
    await user.click(screen.getByRole('button', { name: `Mark this allergy as entered in error for ${name}` }));
    expect(await screen.findByText(/^Entered in error: it changes no more/)).toBeVisible();
    expect(requestsOf('allergyIntoleranceUpdate')).toEqual([
      { patientId: 'p0', chartOnScreen: 'p0', id: 'al2', version: 1, change: 'enter-in-error', text: 'other patient', criticality: null, code: null },
    ]);
  });

  it('that somebody else has changed offers to read the chart again and keeps what was typed', async () => {
    const user = await open('allergies');
    await user.dblClick(await screen.findByRole('row', { name: /latex/ }));
    await user.click(await screen.findByRole('button', { name: 'Refute' }));
    await user.keyboard('skin test');
    mock.failures.allergyIntoleranceUpdate = { code: 'version-conflict', message: 'this entry was changed in the meantime' };
    await user.click(screen.getByRole('button', { name: `Refute this allergy for ${name}` }));
    const again = await screen.findByRole('button', { name: 'Read this chart again' });
    expect(screen.getByRole('textbox', { name: 'What shows that it is not so' })).toHaveValue('skin test');
    const before = requestsOf('sectionRead').length;
    await user.click(again);
    await waitFor(() => expect(requestsOf('sectionRead')).toHaveLength(before + 1));
  });
});

describe('a problem', () => {
  it('is added in words, and its history is read when it is asked for', async () => {
    const user = await open('problems');
    await user.type(await screen.findByRole('combobox', { name: 'Problem' }), 'Eczema{Enter}');
    await user.dblClick(await screen.findByRole('row', { name: /Eczema/ }));
    expect(requestsOf('resourceHistoryRead')).toEqual([]);
    await user.click(await screen.findByRole('button', { name: 'Show its history' }));
    const history = await screen.findByRole('region', { name: 'History' });
    expect(history).toHaveTextContent('Version 2, as it stands');
    expect(history).toHaveTextContent('clinicalStatus.coding[0].code active resolved');
    await user.click(within(history).getByRole('button', { name: `Restore version 1 for ${name}` }));
    expect(requestsOf('resourceRestore')).toMatchObject([{ patientId: 'p0', version: 2, restore: 1 }]);
    await expectAccessible();
  });
});

describe('who writes what', () => {
  it.each([
    ['nurse', 'problems', 'Add a problem'],
    ['pharmacist', 'vitals', 'Record vital signs'],
    ['billing', 'problems', 'Add a problem'],
  ] as const)('a %s is offered no line in %s', async (role, section, form) => {
    resetMock(role);
    await open(section);
    await screen.findByRole('grid');
    expect(screen.queryByRole('form', { name: form })).toBeNull();
  });
});
