// Which language the screen speaks.
import { i18n } from '@lingui/core';
import { useSyncExternalStore } from 'react';
import { catalogues } from './catalogues';

/** By its BCP 47 tag; `pseudo` is the invented one of tests and of the mock. */
export type Language = 'en' | 'de' | 'pseudo';

/** Each in its own words, for whoever cannot read the present one. */
export const languages: readonly { tag: Exclude<Language, 'pseudo'>; name: string }[] = [
  { tag: 'en', name: 'English' },
  { tag: 'de', name: 'Deutsch' },
];

/** The first that both the system and Vigil speak: `de-CH` is German. */
export function languageOfSystem(asked: readonly string[] = navigator.languages): Language {
  for (const one of asked) {
    const known = languages.find(({ tag }) => one.toLowerCase().split('-')[0] === tag);
    if (known) return known.tag;
  }
  return 'en';
}

// English is there from the first line on.
i18n.loadAndActivate({ locale: 'en', messages: {} });

/** What was asked last: a catalogue that arrives late does not take the place of a later choice. */
let asked: Language = 'en';

export const languageNow = (): Language => i18n.locale as Language;

/** Speaks another language from now on. What is on the page stays, typed text included; where its catalogue cannot be read, the present one stays. */
export async function speak(language: Language): Promise<void> {
  asked = language;
  if (language === languageNow()) return;
  const messages = language === 'en' ? {} : (await catalogues[language]?.())?.messages;
  if (messages === undefined || asked !== language) return;
  // First, so that whoever is told of the change finds it.
  document.documentElement.lang = language === 'pseudo' ? 'en' : language;
  i18n.loadAndActivate({ locale: language, messages });
}

/** Draws the component anew, and all that it draws, when the language changes. */
export function useLanguage(): Language {
  return useSyncExternalStore((changed) => i18n.on('change', changed), languageNow);
}

/** What was chosen at the workstation; it is kept as long as the window lives, for nothing goes to the web view's storage. */
let ofWorkstation: Language | undefined;

/** Chooses for the workstation: whoever has chosen nothing for themselves, and the pages before a session. */
export function choose(language: Language): Promise<void> {
  ofWorkstation = language;
  return speak(language);
}

/** The language that the user has chosen (their preferences keep it), else that of the workstation, else that of the system. */
export function speakFor(chosen: string): Promise<void> {
  return speak(languages.find(({ tag }) => tag === chosen)?.tag ?? ofWorkstation ?? languageOfSystem());
}

/** For tests: nobody has chosen anything. */
export function forgetChoices(): void {
  ofWorkstation = undefined;
}

/** The name of a thing in the middle of a sentence: English begins it with a small letter, German with the capital of its nouns. */
export const inside = (name: string): string => (languageNow() === 'en' ? name.toLowerCase() : name);
