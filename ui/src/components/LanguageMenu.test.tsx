import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { App } from '@/app/App';
import { resetMock } from '@/api/mock';
import { languageOfSystem, speak } from '@/lib/language/language';
import { expectAccessible, renderScreen } from '@/lib/testing/render';

describe('the language of the screen', () => {
  beforeEach(() => resetMock());

  it('is the first that the system and Vigil both speak', () => {
    expect(languageOfSystem(['fr-FR', 'de-CH', 'en'])).toBe('de');
    expect(languageOfSystem(['en-GB', 'de'])).toBe('en');
    expect(languageOfSystem(['fr'])).toBe('en');
  });

  it('changes at once on the sign-in page, and keeps what was typed and where the caret is', async () => {
    const user = userEvent.setup();
    renderScreen(<App />);
    await user.type(await screen.findByLabelText('User name'), 'okaf');
    await user.type(screen.getByLabelText('Password'), 'half of i');
    await user.selectOptions(screen.getByLabelText('Language'), 'Deutsch');
    expect(await screen.findByRole('button', { name: 'Anmelden' })).toBeVisible();
    expect(screen.getByLabelText('Benutzername')).toHaveValue('okaf');
    expect(screen.getByLabelText('Passwort')).toHaveValue('half of i');
    expect(document.documentElement).toHaveAttribute('lang', 'de');
    await expectAccessible();
    await user.selectOptions(screen.getByLabelText('Sprache'), 'English');
    expect(await screen.findByLabelText('User name')).toHaveValue('okaf');
    expect(document.documentElement).toHaveAttribute('lang', 'en');
  });

  it('of a user is theirs alone: the page after them speaks that of the workstation, and theirs is back when they are', async () => {
    resetMock('physician');
    const user = userEvent.setup();
    renderScreen(<App />);
    await screen.findByText('DEMO');
    await user.keyboard('{Control>}k{/Control}');
    await user.type(screen.getByRole('combobox', { name: 'Search patients and commands' }), 'deutsch');
    await screen.findByText('No patient matches.');
    expect(screen.getByRole('option', { name: 'Deutsch' })).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Abmelden' }));
    await user.type(await screen.findByLabelText('User name'), 'okafor');
    await user.type(screen.getByLabelText('Password'), 'correct horse battery{Enter}');
    expect(await screen.findByRole('button', { name: 'Abmelden' })).toBeVisible();
  });

  it('is the one that was chosen last, though its catalogue came first', async () => {
    const first = speak('de');
    const second = speak('en');
    await Promise.all([first, second]);
    await waitFor(() => expect(document.documentElement.lang).toBe('en'));
  });
});
