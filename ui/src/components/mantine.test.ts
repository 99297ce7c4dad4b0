// A component without its style sheet looks broken and fails no other test: each one that is used has it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const styles = 'node_modules/@mantine/core/styles';
/** Components that are made of others, by what their parts are called. */
const parts: Record<string, string[]> = {
  Modal: ['ModalBase', 'Overlay', 'Paper', 'CloseButton'],
  Radio: ['InlineInput'],
  Checkbox: ['InlineInput'],
  NativeSelect: ['Input'],
  Textarea: ['Input'],
  TextInput: ['Input'],
};

function used(): string[] {
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx') && !name.endsWith('.test.tsx'))
    .flatMap((name) => [...readFileSync(join('src', name), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)])
    .flatMap((match) => (match[1] ?? '').split(','))
    .map((name) => name.replace(/^\s*type\s+/, '').trim());
  return [...new Set(names.flatMap((name) => [name, ...(parts[name] ?? [])]))].filter((name) => existsSync(join(styles, `${name}.css`)));
}

const sheets = ['mantine.css', 'mantine-behind.css'].map((name) => readFileSync(join('src/components', name), 'utf8')).join('\n');

it.each(used())('%s has its style sheet', (name) => {
  expect(sheets).toContain(`@mantine/core/styles/${name}.css`);
});

it('there are components to look at', () => {
  expect(used()).toEqual(expect.arrayContaining(['Modal', 'Radio', 'Button', 'Badge']));
});
