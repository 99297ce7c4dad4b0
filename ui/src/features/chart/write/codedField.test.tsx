import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import type { Section } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';

vi.mock('uplot', () => ({
  default: class {
    destroy() {}
    redraw() {}
    setSize() {}
  },
}));

function Chart({ first }: { first: Section }) {
  const [section, setSection] = useState(first);
  return <ChartPage patientId="p0" section={section} onSection={setSection} />;
}

async function open(first: Section, field: string) {
  renderScreen(<Chart first={first} />);
  const input = await screen.findByRole('combobox', { name: field });
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  return { user: userEvent.setup(), input };
}

const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);
const asthma = { system: 'icd-10-cm', code: 'J45.909' };

beforeEach(() => resetMock('physician'));

describe('a field with codes', () => {
  it('takes a code by keys alone and sends it with its words', async () => {
    const { user, input } = await open('problems', 'Problem');
    await user.keyboard('nasth');
    const codes = await screen.findByRole('listbox', { name: 'Codes for Problem' });
    expect(input).toHaveAttribute('aria-expanded', 'true');
    expect(input).not.toHaveAttribute('aria-activedescendant');
    await user.keyboard('{ArrowDown}');
    const marked = within(codes).getByRole('option', { selected: true });
    expect(marked).toHaveTextContent('J45.909 ICD-10-CM');
    expect(input).toHaveAttribute('aria-activedescendant', marked.id);
    expect(input).toHaveFocus();
    await expectAccessible();
    await user.keyboard('{Enter}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(requestsOf('conditionCreate')).toEqual([]);
    expect(input).toHaveValue('Unspecified asthma, uncomplicated');
    expect(screen.getByText('Coded as J45.909 ICD-10-CM 2026: Unspecified asthma, uncomplicated.')).toBeVisible();
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/^Stored:/)).toBeVisible();
    expect(requestsOf('conditionCreate')).toMatchObject([{ text: 'Unspecified asthma, uncomplicated', code: asthma }]);
    expect(input).toHaveValue('');
    expect(screen.getByText(/kept as words: not coded/)).toBeVisible();
  });

  it('keeps words as words with Enter, with Tab, and after Escape', async () => {
    const { user, input } = await open('problems', 'Problem');
    await user.keyboard('nasth');
    await screen.findByRole('listbox', { name: 'Codes for Problem' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(input).toHaveValue('asth');
    await user.keyboard('{ArrowDown}');
    await screen.findByRole('listbox', { name: 'Codes for Problem' });
    await user.keyboard('{ArrowDown}{Tab}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(input).toHaveValue('asth');
    expect(screen.getByRole('textbox', { name: 'Since, like 2019-05' })).toHaveFocus();
    await user.type(input, 'ma');
    await screen.findByRole('listbox', { name: 'Codes for Problem' });
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Stored: asthma')).toBeVisible();
    expect(requestsOf('conditionCreate')).toMatchObject([{ text: 'asthma', code: null }]);
  });

  it('drops the code as soon as its words are edited', async () => {
    const { user } = await open('problems', 'Problem');
    await user.keyboard('nasth');
    await user.click(await screen.findByRole('option', { name: /J45.909/ }));
    expect(screen.getByText(/^Coded as J45.909 ICD-10-CM/)).toBeVisible();
    await user.keyboard(' since school');
    expect(screen.queryByText(/^Coded as J45.909 ICD-10-CM/)).toBeNull();
    expect(screen.getByText(/kept as words: not coded/)).toBeVisible();
    await user.keyboard('{Escape}{Enter}');
    await waitFor(() => expect(requestsOf('conditionCreate')).toMatchObject([{ text: 'Unspecified asthma, uncomplicated since school', code: null }]));
  });

  it('says what was not searched, and goes round the list by arrows', async () => {
    const { user, input } = await open('problems', 'Problem');
    await user.keyboard('nxyz');
    expect(await screen.findByText(/No code begins so in ICD-10-CM 2026, common entries. SNOMED CT is not loaded/)).toBeVisible();
    expect(input).toHaveAttribute('aria-expanded', 'false');
    await user.clear(input);
    await user.keyboard('un');
    const codes = await screen.findByRole('listbox', { name: 'Codes for Problem' });
    const marked = () => within(codes).queryByRole('option', { selected: true })?.textContent ?? '';
    await waitFor(() => expect(within(codes).getAllByRole('option')).toHaveLength(2));
    await user.keyboard('{ArrowUp}');
    expect(marked()).toContain('J44.9');
    await user.keyboard('{ArrowDown}');
    expect(marked()).toBe('');
    await user.keyboard('{ArrowDown}');
    expect(marked()).toContain('J45.909');
  });

  it('asks for no code before there are two letters, and asks once for what is typed without a pause', async () => {
    const { user } = await open('immunizations', 'Vaccine');
    await user.keyboard('nm');
    await new Promise((done) => setTimeout(done, 300));
    expect(requestsOf('terminologySearch')).toEqual([]);
    await user.keyboard('mr');
    await user.click(await screen.findByRole('option', { name: /MMR/ }));
    expect(requestsOf('terminologySearch')).toEqual([{ kind: 'immunization', text: 'mmr' }]);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(requestsOf('entryCreate')).toMatchObject([{ kind: 'immunization', text: 'MMR', code: { system: 'cvx', code: '03' } }]));
  });

  it('says why codes cannot be found and still takes words', async () => {
    const { user } = await open('allergies', 'Allergy or intolerance to');
    mock.failures.terminologySearch = { code: 'internal', message: 'the file could not be read' };
    await user.keyboard('nlatex');
    expect(await screen.findByText('The file could not be read.')).toBeVisible();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Stored: latex')).toBeVisible();
    expect(requestsOf('allergyIntoleranceCreate')).toMatchObject([{ agent: 'latex', code: null }]);
  });
});
