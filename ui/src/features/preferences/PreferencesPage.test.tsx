import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { PreferencesPage } from './PreferencesPage';

describe('my screen', () => {
  beforeEach(() => resetMock('physician'));

  it('takes colours, size and the order of the sections, each at once', async () => {
    const user = userEvent.setup();
    renderScreen(<PreferencesPage sections={['summary', 'timeline', 'results']} />);
    await user.click(await screen.findByRole('radio', { name: 'Dark' }));
    expect(mock.preferences.colours).toBe('dark');
    await user.selectOptions(screen.getByLabelText('Size of everything'), '150 %');
    expect(mock.preferences.zoomPercent).toBe(150);
    await user.click(screen.getByRole('button', { name: 'Move Results up' }));
    expect(mock.preferences, 'and what was chosen before stays').toEqual({ colours: 'dark', zoomPercent: 150, language: '', firstSections: ['summary', 'results', 'timeline'] });
    const rows = within(screen.getByRole('region', { name: 'Order of the sections' })).getAllByRole('listitem');
    expect(rows.map((row) => row.textContent)).toEqual(['Alt+1Summary', 'Alt+2Results', 'Alt+3Timeline']);
    await user.click(screen.getByRole('button', { name: 'The usual order' }));
    expect(mock.preferences.firstSections).toEqual([]);
    await expectAccessible();
  });

  it('says when a choice was not kept', async () => {
    const user = userEvent.setup();
    mock.failures.preferencesUpdate = { code: 'internal', message: 'the vault is busy' };
    renderScreen(<PreferencesPage sections={[]} />);
    await user.click(await screen.findByRole('radio', { name: 'Light' }));
    expect(await screen.findByText('Nothing was changed. The vault is busy.')).toBeVisible();
    expect(screen.queryByText('Sections of a chart'), 'a role without charts has no sections').toBeNull();
  });
});
