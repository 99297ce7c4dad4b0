import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import type { Section } from '@/api/types';
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
const sent = { patientId: 'p0', chartOnScreen: 'p0', relative: null, flag: null, class: null, social: null, member: null, udi: null, note: '', code: null, text: '', detail: '', day: '' };

beforeEach(() => resetMock('physician'));

describe('the social history', () => {
  it('takes a smoking status by its choice alone, and asks of everything else what was found', async () => {
    const user = await open('social-history');
    const form = screen.getByRole('form', { name: 'Add to the social history' });
    expect(within(form).queryByRole('combobox', { name: 'What is observed' }), 'the choice says it').toBeNull();
    await user.selectOptions(within(form).getByRole('combobox', { name: 'Of what' }), 'Smoking: former');
    await user.keyboard('{Tab}{Enter}');
    expect(await screen.findByText(/^Stored:/)).toBeVisible();
    await user.selectOptions(within(form).getByRole('combobox', { name: 'Of what' }), 'Alcohol');
    await user.keyboard('{Tab}{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent('Type what was found');
    expect(within(form).getByRole('textbox', { name: 'Finding' })).toBeInvalid();
    await user.keyboard('a glass of wine a week{Enter}');
    expect(await screen.findByRole('row', { name: /alcohol.*a glass of wine a week/ })).toBeVisible();
    const social = { ...sent, kind: 'social-history' };
    expect(requestsOf('entryCreate')).toEqual([
      { ...social, social: 'former-smoker' },
      { ...social, social: 'alcohol', detail: 'a glass of wine a week' },
    ]);
    await expectAccessible();
  });

  it('offers codes of LOINC for something else, which has a name of its own', async () => {
    const user = await open('social-history');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Of what' }), 'Something else');
    await user.type(screen.getByRole('combobox', { name: 'What is observed' }), 'pregn');
    await user.click(await screen.findByRole('option', { name: /Pregnancy status/ }));
    await user.type(screen.getByRole('textbox', { name: 'Finding' }), 'not pregnant{Enter}');
    await waitFor(() =>
      expect(requestsOf('entryCreate')).toEqual([{ ...sent, kind: 'social-history', social: 'other', text: 'Pregnancy status', detail: 'not pregnant', code: { system: 'loinc', code: '82810-3' } }]),
    );
  });

  it('is changed: a smoking status to another one', async () => {
    const user = await open('social-history');
    await user.dblClick(screen.getByRole('row', { name: /Former smoker/ }));
    await user.click(await screen.findByRole('button', { name: 'Change' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Smoking status' }), 'Smoking: never');
    await user.click(screen.getByRole('button', { name: `Change this observation for ${name}` }));
    await waitFor(() =>
      expect(requestsOf('entryUpdate')).toMatchObject([{ kind: 'social-history', id: 'sh1', step: 'edit', edit: { text: '', detail: '', day: '', social: 'never-smoker', code: null } }]),
    );
    await expectAccessible();
  });
});

describe('the care team', () => {
  it('has members of this workstation and others by name, and says that nobody adds themselves', async () => {
    const user = await open('care-team');
    const form = screen.getByRole('form', { name: 'Add to the care team' });
    expect(form).toHaveTextContent('Nobody adds themselves');
    await user.keyboard('n{Tab}{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent('Choose who it is');
    await user.selectOptions(within(form).getByRole('combobox', { name: 'Who' }), 'R. SILVA, nurse');
    expect(within(form).queryByRole('textbox', { name: 'Name' })).toBeNull();
    await user.click(within(form).getByRole('button', { name: `Add this member for ${name}` }));
    expect(await screen.findByRole('row', { name: /R. SILVA.*nurse.*active/ })).toBeVisible();
    await user.selectOptions(within(form).getByRole('combobox', { name: 'Who' }), 'Somebody outside, by name');
    await user.type(within(form).getByRole('textbox', { name: 'Name' }), 'M. LEE{Tab}podiatrist{Enter}');
    const member = { ...sent, kind: 'care-team-member' };
    await waitFor(() =>
      expect(requestsOf('entryCreate')).toEqual([
        { ...member, member: 'u-silva' },
        { ...member, text: 'M. LEE', detail: 'podiatrist' },
      ]),
    );
    await expectAccessible();
  });

  it('is left by a member with a reason', async () => {
    const user = await open('care-team');
    await user.dblClick(screen.getByRole('row', { name: /OKAFOR/ }));
    await user.click(await screen.findByRole('button', { name: 'End' }));
    await user.keyboard('moved to another ward{Enter}');
    await waitFor(() => expect(screen.getByRole('row', { name: /OKAFOR/ })).toHaveTextContent('inactive'));
    expect(requestsOf('entryUpdate')).toMatchObject([{ kind: 'care-team-member', id: 'ct1', step: 'end', text: 'moved to another ward' }]);
  });
});

describe('a device', () => {
  it('is added by its UDI, and a UDI that is none is said where it is typed', async () => {
    const user = await open('devices');
    await user.keyboard('nKnee prosthesis{Tab}51022222233336{Enter}');
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('at character 1'));
    const udi = screen.getByRole('textbox', { name: 'UDI, typed or scanned' });
    await user.clear(udi);
    await user.type(udi, '(01)51022222233336(17)150707{Enter}');
    await waitFor(() => expect(requestsOf('entryCreate').at(-1)).toEqual({ ...sent, kind: 'device', text: 'Knee prosthesis', udi: '(01)51022222233336(17)150707' }));
  });

  it('shows each part of its UDI, and goes back into use', async () => {
    const user = await open('devices');
    await user.dblClick(screen.getByRole('row', { name: /Knee prosthesis/ }));
    const pane = await screen.findByRole('region', { name: 'Knee prosthesis' });
    for (const [label, value] of [['Issuing agency', 'GS1'], ['Device identifier', '51022222233336'], ['Lot or batch', 'A213B1'], ['Serial number', '1234'], ['Made', '31-Dec-2014'], ['Expires', '07-Jul-2015']] as const)
      expect(within(pane).getByText(label).nextElementSibling).toHaveTextContent(value);
    await expectAccessible();
    await user.click(within(pane).getByRole('button', { name: 'Take out of use' }));
    await user.keyboard('loose{Enter}');
    await user.click(await screen.findByRole('button', { name: 'In use again' }));
    await user.keyboard('fixed{Enter}');
    await waitFor(() => expect(screen.getByRole('row', { name: /Knee prosthesis/ })).toHaveTextContent('active'));
    expect(requestsOf('entryUpdate')).toMatchObject([{ step: 'end', version: 1 }, { step: 'resume', version: 2, text: 'fixed' }]);
  });
});

describe('a code', () => {
  it('is offered where a problem is changed, and goes with the new words', async () => {
    const user = await open('problems');
    await user.dblClick(screen.getAllByRole('row').at(1) ?? document.body);
    await user.click(await screen.findByRole('button', { name: 'Change' }));
    const words = screen.getAllByRole('combobox', { name: 'Problem' }).at(-1) ?? document.body;
    await user.clear(words);
    await user.type(words, 'asthma');
    await user.click(await screen.findByRole('option', { name: /J45.909/ }));
    expect(screen.getByText(/^Coded as J45.909 ICD-10-CM 2026/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: `Change this problem for ${name}` }));
    await waitFor(() => expect(requestsOf('conditionUpdate')).toMatchObject([{ change: 'edit', text: 'Unspecified asthma, uncomplicated', code: { system: 'icd-10-cm', code: 'J45.909' } }]));
  });
});
