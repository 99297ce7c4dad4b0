// The whole screen in another language: at once, with what was typed, and accessible.
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { speak, speakFor, choose } from '@/lib/language/language';
import { expectAccessible } from '@/lib/testing/render';
import { App } from './App';

const place = (page: string, section: string | null) =>
  JSON.stringify({
    page,
    patientId: section === null ? null : 'p0',
    charts: section === null ? [] : [{ patientId: 'p0', section, slot: 0 }],
    focus: null,
    kept: {},
    scrolled: {},
  });

/** What can be read on the page, also by a screen reader. */
function words(): string[] {
  const texts = [...document.body.querySelectorAll('*')].flatMap((element) => [
    ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent?.trim() ?? ''),
    ...['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name) ?? ''),
  ]);
  return texts.filter((text) => text !== '');
}

const settled = async () => {
  await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  await act(async () => new Promise((done) => setTimeout(done, 60)));
};

describe('the screen in German', () => {
  beforeEach(() => resetMock('physician'));

  it.each([
    ['physician', 'home', null],
    ['physician', 'chart', 'summary'],
    ['physician', 'chart', 'problems'],
    ['physician', 'chart', 'allergies'],
    ['physician', 'chart', 'medications'],
    ['physician', 'chart', 'vitals'],
    ['physician', 'chart', 'documents'],
    ['physician', 'register', null],
    ['privacy-officer', 'reports', null],
    ['privacy-officer', 'rights', null],
    ['privacy-officer', 'reviews', null],
    ['administrator', 'users', null],
    ['administrator', 'keys', null],
    ['administrator', 'backup', null],
    ['administrator', 'workstation', null],
    ['administrator', 'sign-in', null],
  ] as const)('of a %s at %s %s is all German after a change, as if begun in it, and accessible', async (role, page, section) => {
    resetMock(role);
    await choose('en');
    mock.place = place(page, section);
    const first = render(<App />);
    await screen.findByText('DEMO');
    await settled();
    const english = words();
    await act(() => speak('de'));
    await settled();
    const changed = words();
    expect(changed).not.toEqual(english);
    await expectAccessible();
    first.unmount();

    resetMock(role);
    await choose('de');
    mock.place = place(page, section);
    render(<App />);
    await screen.findByText('DEMO');
    await settled();
    expect(changed, 'a word that is kept from before the change').toEqual(words());
  });

  it('keeps a form that is half typed, its focus and its caret', async () => {
    const user = userEvent.setup();
    mock.place = place('chart', 'vitals');
    render(<App />);
    const systolic = await screen.findByRole('textbox', { name: /^Pulse/ });
    await user.type(systolic, '7');
    await act(() => speak('de'));
    const puls = await screen.findByRole('textbox', { name: /^Puls/ });
    expect(puls, 'the same element').toBe(systolic);
    expect(puls).toHaveValue('7');
    expect(puls).toHaveFocus();
  });

  it('writes days with the month as a word, whole in the banner, and the time with 24 hours', async () => {
    await choose('de');
    mock.place = place('chart', 'problems');
    render(<App />);
    const banner = await screen.findByRole('region', { name: 'Patient' });
    expect(banner).toHaveTextContent(/Geboren\s*1\. Januar 1938/);
    expect(document.body).not.toHaveTextContent(/\d{2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4}/);
  });

  it('is of the user: who signs in after them begins in the language of the workstation', async () => {
    await act(() => speakFor('de'));
    expect(document.documentElement.lang).toBe('de');
    await act(() => speakFor(''));
    expect(document.documentElement.lang).toBe('en');
    await act(() => speakFor('tlh'));
    expect(document.documentElement.lang, 'what the screen does not speak is as if nothing was chosen').toBe('en');
  });
});
