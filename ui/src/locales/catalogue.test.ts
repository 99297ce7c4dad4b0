// @vitest-environment node
// The German catalogue says everything that the code says, with the same arguments, and nothing else.
import { getCatalogs } from '@lingui/cli/api';
import { getConfig } from '@lingui/conf';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';

const [catalog] = await getCatalogs(getConfig({ cwd: process.cwd() }));
const inCode = (await catalog?.collect()) ?? {};
const german = (await catalog?.read('de')) ?? {};

describe('the German catalogue', () => {
  it('is of the code as it is: run `npm run words`', () => {
    const code = Object.keys(inCode);
    expect(code.length, 'the code was read').toBeGreaterThan(1000);
    const there = Object.entries(german).filter(([, message]) => message.obsolete !== true).map(([id]) => id);
    expect({ notInCatalogue: code.filter((id) => !there.includes(id)).map((id) => inCode[id]?.message), notInCode: there.filter((id) => !code.includes(id)).map((id) => german[id]?.message) }).toEqual({
      notInCatalogue: [],
      notInCode: [],
    });
  });

  it('leaves no message in English', () => {
    expect(Object.values(german).filter((message) => (message.translation ?? '') === '').map((message) => message.message)).toEqual([]);
  });

  it('has the arguments and elements of the English, each as often as needed', () => {
    const differing = Object.values(german)
      .filter(({ message, translation }) => argumentsOf(message ?? '') !== argumentsOf(translation ?? ''))
      .map(({ message, translation }) => `${message} -> ${translation}`);
    expect(differing).toEqual([]);
  });

  it('can be read as ICU, with the plurals of German', () => {
    const broken = Object.values(german).filter(({ translation }) => pluralsOf(translation ?? '').some((cases) => !cases.includes('other')));
    expect(broken).toEqual([]);
  });

  it('keeps the spaces at the ends, which join what stands beside it', () => {
    const ends = (text: string) => [/^\s/.test(text), /\s$/.test(text)].join();
    expect(Object.values(german).filter(({ message, translation }) => ends(message ?? '') !== ends(translation ?? '')).map((message) => message.message)).toEqual([]);
  });
});

/** The names of its arguments and the numbers of its elements, also those within plurals. */
function argumentsOf(message: string): string {
  const names = new Set<string>(message.match(/<\/?\d+\/?>/g) ?? []);
  collect(compileMessage(message), names);
  return [...names].sort().join(' ');
}

function collect(part: unknown, names: Set<string>): void {
  if (!Array.isArray(part)) return;
  for (const one of part as unknown[]) {
    if (!Array.isArray(one)) continue;
    names.add(String(one[0]));
    if (typeof one[2] === 'object' && one[2] !== null) for (const words of Object.values(one[2] as Record<string, unknown>)) collect(words, names);
  }
}

function pluralsOf(message: string): string[][] {
  return compileMessage(message).flatMap((part) => (Array.isArray(part) && typeof part[2] === 'object' && part[2] !== null ? [Object.keys(part[2])] : []));
}
