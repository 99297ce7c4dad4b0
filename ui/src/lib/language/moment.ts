// Days and times as the language of the screen writes them. The core writes `21-Nov-2026 10:42`, which English keeps. The month is a word in every
// language, so that no day is taken for a month (NHS CUI, "Date and Time"), and the clock has 24 hours.
import { t } from '@lingui/core/macro';
import { languageNow } from './language';

/** As the core writes them, and as it reads them. */
export const coreMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Three letters each, so that columns line up. */
const german = ['Jan', 'Feb', 'Mär', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez'];
const germanWhole = ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'];

const month = `(${coreMonths.join('|')})`;
/** A month alone is none: it can be a name. */
const written = new RegExp(`\\b(?:(\\d{2})-${month}(?:-(\\d{4}))?|${month}-(\\d{4}))(?=$|[\\s,;.)])`, 'g');

/** A moment of the core, `21-Nov-2026 10:42`, `Mar-1998`, `Not known` and the like, in the language of the screen. */
export const moment = (text: string): string => inWords(text, german);

/** With the whole name of the month, where there is room and a mistake costs most: the birth date in the banner. */
export const longMoment = (text: string): string => inWords(text, germanWhole);

function inWords(text: string, names: readonly string[]): string {
  if (text === 'Not known') return t`Not known`;
  if (text === 'date not known') return t`date not known`;
  if (text.startsWith('since ')) {
    const begun = inWords(text.slice('since '.length), names);
    return t`since ${begun}`;
  }
  if (languageNow() !== 'de') return text;
  return text.replace(written, (_, day?: string, ofDay?: string, ofYear?: string, alone?: string, year?: string) =>
    [day === undefined ? undefined : `${Number(day)}.`, names[coreMonths.indexOf(ofDay ?? alone ?? '')], ofYear ?? year].filter((part) => part !== undefined).join(' '),
  );
}

/** The number from 0 of a month by its first letters in any language that Vigil speaks; -1 for none. */
export function monthIndex(name: string): number {
  const typed = name.toLowerCase();
  if (typed.length < 3) return -1;
  const of = (names: readonly string[]) => names.findIndex((one) => typed.startsWith(one.toLowerCase()));
  const found = of(coreMonths);
  return found >= 0 ? found : typed.startsWith('maerz') ? 2 : of(german);
}

/** An age as the core writes it, `81y`, `10w 3d`, in the short forms of the language. */
export function aged(text: string): string {
  const units: Record<string, string> = { y: t`y`, m: t`m`, w: t`w`, d: t`d`, h: t`h` };
  return languageNow() === 'en' ? text : text.replace(/\b(\d+)([ymwdh])\b/g, (whole, count: string, unit: string) => (units[unit] === undefined ? whole : `${count} ${units[unit]}`));
}
