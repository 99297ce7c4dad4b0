// The invented language: every message a third longer and accented, so that a word that is not translated and a place that is too narrow are seen.
import type { Messages } from '@lingui/core';

/** As a catalogue holds it: texts, and arguments as `[name, type, cases]`. */
type Compiled = Messages[string];

const accented: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', n: 'ñ', c: 'ç', s: 'š', y: 'ý', z: 'ž' };
const accent = (text: string) => text.replace(/<[^>]*>|[a-zA-Z]/g, (one) => accented[one] ?? one);

/** A compiled message, in it; its arguments stay as they are. */
export function pseudo(message: Compiled): Compiled {
  const parts = typeof message === 'string' ? [message] : message;
  const length = parts.reduce((sum: number, one) => sum + (typeof one === 'string' ? one.length : 8), 0);
  return [...parts.map((one) => (typeof one === 'string' ? accent(one) : cases(one))), ` ${'ñ'.repeat(Math.ceil(length / 4))}`];
}

/** `[name, 'plural', { one: [...], other: [...] }]`. */
function cases<P>(part: P): P {
  if (!Array.isArray(part) || typeof part[2] !== 'object' || part[2] === null) return part;
  const each = (words: unknown): unknown => (Array.isArray(words) ? words.map((one: unknown) => (typeof one === 'string' && one !== '#' ? accent(one) : one)) : words);
  const made = Object.entries(part[2] as Record<string, unknown>).map(([name, words]) => [name, typeof words === 'string' ? accent(words) : each(words)]);
  return [part[0], part[1], Object.fromEntries(made)] as P;
}
