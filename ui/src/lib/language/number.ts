// Counts and lists as the language of the screen writes them. Clinical values are never among them: they are shown as they are stored (ADR 29).
import { languageNow } from './language';

const tag = () => (languageNow() === 'de' ? 'de' : 'en');

/** `1,204`; in German `1.204`. */
export const number = (count: number): string => count.toLocaleString(tag());

/** `a, b and c`. */
export const listed = (parts: readonly string[]): string => new Intl.ListFormat(tag() === 'en' ? 'en-GB' : tag(), { type: 'conjunction' }).format(parts);

/** `a, b or c`. */
export const either = (parts: readonly string[]): string => new Intl.ListFormat(tag() === 'en' ? 'en-GB' : tag(), { type: 'disjunction' }).format(parts);
