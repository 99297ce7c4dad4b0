import { render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AllergyBanner, BannerView, FlagsBanner } from '@/api/types';
import { expectAccessible } from '@/lib/testing/render';
import { PatientBanner } from './PatientBanner';

const invented: BannerView = {
  patientId: 'p1',
  name: 'SMITH, Jane (Ms)',
  birthDate: '14-Jul-1945',
  age: '81y',
  gender: 'female',
  mrn: '004 217',
  deceased: null,
  allergies: { state: 'no-known' },
  flags: { state: 'read', items: [], hidden: 0, unread: 0 },
  restricted: false,
  lookAlikes: [],
};

function banner(change: Partial<BannerView> = {}) {
  render(<PatientBanner banner={{ ...invented, ...change }} />);
  return screen.getByRole('region', { name: 'Patient' });
}

describe('the patient banner', () => {
  it('PAB-0016 PAB-0076: shows name, birth date, gender, number in this order', () => {
    expect(banner().textContent).toMatch(/^SMITH, Jane \(Ms\).*14-Jul-1945.*female.*004 217/);
  });

  it('PAB-0016: nothing in it takes the focus, so the tab order cannot differ from the reading order', () => {
    expect(banner().querySelectorAll('a, button, input, [tabindex]')).toHaveLength(0);
  });

  it('PAB-0023: puts the age in parentheses after the birth date', () => {
    expect(banner()).toHaveTextContent('14-Jul-1945 (81y)');
  });

  it('PAB-0042: has no colon after its labels', () => {
    expect(banner({ deceased: '02-Mar-2020', restricted: true, lookAlikes: ['SMYTH, Janet 02-Jul-1954'] }).textContent).not.toContain(':');
  });

  it('PAB-0046: sets values stronger than labels', () => {
    const region = banner();
    for (const value of ['SMITH, Jane (Ms)', '14-Jul-1945 (81y)', 'female', '004 217'])
      expect(within(region).getByText(value).tagName, `${value} must be strong`).toBe('STRONG');
    for (const label of ['Born', 'Gender', 'MRN']) expect(within(region).getByText(label).tagName, `${label} must not be strong`).toBe('SPAN');
  });

  it('PAB-0019: says Not known where nothing is known, never blank and never a question mark', () => {
    const region = banner({ name: '', birthDate: '', age: '', gender: ' ', mrn: '' });
    expect(within(region).getAllByText('Not known')).toHaveLength(4);
    expect(region.textContent).not.toContain('?');
    expect(region.textContent).not.toContain('()');
  });

  it('PAB-0049 to 0053: shows the name as the core wrote it, family name first in upper case', () => {
    expect(within(banner()).getByText('SMITH, Jane (Ms)')).toBeVisible();
  });

  it('PAB-0055: marks a deceased patient with a pattern of its own, the date of death and the age at death', () => {
    const region = banner({ deceased: '02-Mar-2020', age: '74y' });
    expect(region).toHaveTextContent('Died 02-Mar-2020 (aged 74y)');
    expect(region, 'the age at death must not read as the age now').not.toHaveTextContent('14-Jul-1945 (');
    expect(region).toHaveAttribute('data-deceased');
  });

  it('PAB-0055: says so when only the fact of death is known', () => {
    expect(banner({ deceased: 'date not known', age: '' })).toHaveTextContent('Died date not known');
  });

  const states: [AllergyBanner, string][] = [
    [{ state: 'known', items: ['penicillin (anaphylaxis)', 'latex (rash)'] }, 'Known allergies'],
    [{ state: 'no-known' }, 'No known allergies'],
    [{ state: 'not-recorded' }, 'Allergies not recorded'],
    [{ state: 'unavailable' }, 'Allergies unavailable'],
  ];
  it.each(states)('PAB-0064: $state is one of exactly four sentences, with a sign', (allergies, words) => {
    const region = banner({ allergies });
    const said = ['Known allergies', 'No known allergies', 'Allergies not recorded', 'Allergies unavailable'].filter(
      (sentence) => within(region).queryByText(sentence) !== null,
    );
    expect(said).toEqual([words]);
    expect(region.querySelector('svg'), 'never colour alone').not.toBeNull();
  });

  it('PAB-0064: a list that claims allergies and names none reads as unavailable, not as none', () => {
    expect(banner({ allergies: { state: 'known', items: [] } })).toHaveTextContent('Allergies unavailable');
  });

  it('PAB-0064: names every allergy, however many', () => {
    const items = Array.from({ length: 40 }, (_, index) => `agent ${index + 1} (rash)`);
    const region = banner({ allergies: { state: 'known', items } });
    for (const item of items) expect(within(region).getByText(item)).toBeVisible();
  });

  it('PAB-0008: says that a role does not see allergies, which is not the same as having none', () => {
    const region = banner({ allergies: { state: 'hidden' } });
    expect(region).toHaveTextContent('Allergies hidden from your role');
    expect(region).not.toHaveTextContent('No known allergies');
  });

  const stand: FlagsBanner = {
    state: 'read',
    items: [
      { sign: 'advance-directive', text: 'Do not resuscitate' },
      { sign: 'contact', text: 'Airborne isolation' },
      { sign: 'safety', text: 'Fall risk' },
      { sign: 'other', text: 'Deaf in the left ear' },
    ],
    hidden: 0,
    unread: 0,
  };

  it('names every flag that stands, each with a sign of its own', () => {
    const list = within(banner({ flags: stand })).getByRole('list', { name: 'Flags' });
    const items = within(list).getAllByRole('listitem');
    expect(items.map((item) => item.textContent)).toEqual(['Advance directive Do not resuscitate', 'Airborne isolation', 'Fall risk', 'Deaf in the left ear']);
    const signs = items.map((item) => item.querySelector('svg')?.getAttribute('class'));
    expect(new Set(signs).size, 'never colour alone').toBe(4);
  });

  it('names every flag, however many and however long', () => {
    const items = Array.from({ length: 30 }, (_, index) => ({ sign: 'other' as const, text: `warning ${index + 1} ${'long '.repeat(20)}`.trim() }));
    const region = banner({ flags: { state: 'read', items, hidden: 0, unread: 0 } });
    for (const { text } of items) expect(within(region).getByText(text)).toBeVisible();
  });

  const silences: [FlagsBanner, string[], string[]][] = [
    [{ state: 'read', items: [], hidden: 0, unread: 0 }, ['No flags set'], ['hidden', 'could not']],
    [{ state: 'read', items: [], hidden: 2, unread: 0 }, ['2 flags hidden from your role'], ['No flags set']],
    [{ state: 'read', items: [], hidden: 0, unread: 1 }, ['1 flag could not be read'], ['No flags set']],
    [{ ...stand, hidden: 1, unread: 2 }, ['Fall risk', '1 flag hidden from your role', '2 flags could not be read'], ['No flags set']],
    [{ state: 'unavailable' }, ['Flags could not be read'], ['No flags set']],
    [{ state: 'hidden' }, ['Flags hidden from your role'], ['No flags set']],
  ];
  it.each(silences)('says of flags that it does not show that there are some (%j)', (flags, said, unsaid) => {
    const region = banner({ flags });
    for (const words of said) expect(region).toHaveTextContent(words);
    for (const words of unsaid) expect(region).not.toHaveTextContent(words);
  });

  it('says that flags could not be read as loudly as that allergies could not', () => {
    const region = banner({ flags: { state: 'unavailable' }, allergies: { state: 'unavailable' } });
    expect(within(region).getByText('Flags could not be read').closest('p')).toHaveAttribute('data-kind', 'unread');
    expect(region.querySelectorAll('svg')).toHaveLength(2);
  });

  it('names the similar patients and marks a restricted record in words', () => {
    const region = banner({ lookAlikes: ['SMYTH, Janet 02-Jul-1954', 'SMITH, Jan 03-Mar-1945'], restricted: true });
    expect(region).toHaveTextContent('Look twice, similar names here SMYTH, Janet 02-Jul-1954, SMITH, Jan 03-Mar-1945');
    expect(region).toHaveTextContent('Restricted record');
  });

  it('has nothing for axe to find', async () => {
    banner({ deceased: '02-Mar-2020', restricted: true, lookAlikes: ['SMYTH, Janet 02-Jul-1954'], allergies: { state: 'known', items: ['latex'] }, flags: { ...stand, hidden: 1, unread: 1 } });
    await expectAccessible();
  });
});
