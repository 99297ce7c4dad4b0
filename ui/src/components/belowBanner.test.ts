// Dialogs that may open over a chart.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it.each(['src/features/session/Reauthenticate.tsx', 'src/app/SuspensionStrip.tsx', 'src/app/Shortcuts.tsx'])('PAB-0013: the dialog of %s stands below the banner', (path) => {
  expect(readFileSync(path, 'utf8')).toMatch(/<Modal \{\.\.\.belowBanner\}|yOffset=\{belowBanner\.yOffset\}/);
});
