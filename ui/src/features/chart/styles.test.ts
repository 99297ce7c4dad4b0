// What style sheets must never do here: cut off clinical text, or use a colour that has no dark twin.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const sheets = ['src/features/chart', 'src/components/plot'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.css'))
    .map((name) => [join(folder, name), readFileSync(join(folder, name), 'utf8')] as const),
);
const sheet = (name: string) => sheets.find(([path]) => path.endsWith(name))?.[1] ?? '';

it.each(sheets)('MEDi-022 MEDi-025: %s cuts no text off', (_, css) => {
  expect(css).not.toMatch(/text-overflow|line-clamp/);
});

it.each(sheets)('%s takes its colours from the theme, so that dark works', (_, css) => {
  expect(css).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i);
});

it('MEDi-010 MEDi-011: a medication line breaks between its parts first', () => {
  expect(sheet('MedicationLine.module.css')).toMatch(/\.part \{[^}]*display: inline-block;[^}]*white-space: normal/);
});

it('MEDi-036: a medication line is 1.4 high', () => {
  expect(sheet('MedicationLine.module.css')).toMatch(/\.line \{[^}]*line-height: 1\.4;/);
});

it('PAB-0055: the banner of a deceased patient differs in colour and in pattern', () => {
  const css = sheet('PatientBanner.module.css');
  expect(css).toMatch(/\.banner\[data-deceased\] \{[^}]*background-color/);
  expect(css).toMatch(/\.banner\[data-deceased\]::before \{[^}]*repeating-linear-gradient/);
});

it('PAB-0013: the banner stays on top when a low window makes the chart scroll', () => {
  expect(sheet('PatientBanner.module.css')).toMatch(/position: sticky; top: 0/);
});

it('PAB-0064: the allergy line wraps', () => {
  expect(sheet('AllergyState.module.css')).not.toMatch(/nowrap|overflow: hidden/);
});
