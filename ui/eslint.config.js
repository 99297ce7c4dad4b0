// The walls of the screen: who may import whom, and what every element must offer to a keyboard and a screen reader.
import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import lingui from 'eslint-plugin-lingui';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const shell = { group: ['@tauri-apps/*', '@/api/transport', '@/api/bindings', '**/bindings', '**/transport'], message: 'Only ui/src/api talks to the shell.' };
const invented = { group: ['**/mock', '**/mockChart', '**/mockGrowth', '**/mockEntry', '**/mockSignIn', '**/mockAbilities', '**/mockRecovery', '**/mockReports', '**/mockNote', '**/mockNoteText', '**/mockPatients', '**/mockFleet', '@/api/mock'], message: 'Invented data is for tests.' };
const features = readFeatures(['administration', 'chart', 'fleet', 'home', 'note', 'patient', 'privacy', 'recovery', 'registration', 'session']);

/** A feature sees itself, components, api and lib: never another feature or the app. */
function readFeatures(names) {
  return names.map((name) => ({
    files: [`src/features/${name}/**`],
    ignores: ['**/*.test.*'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            shell,
            invented,
            { group: ['@/app/*', '@/app', '@/features/*', `!@/features/${name}`, '../../*', '../../**'], message: 'Features do not import the app or other features; share through components, api or lib.' },
          ],
        },
      ],
    },
  }));
}

/** What is not language, whatever it looks like: names of elements and attributes, keys, codes, units, styles. */
const notLanguage = {
  ignore: [
    // Identifiers, codes, paths, selectors, CSS: nothing that begins with a capital and goes on in small letters, and no words with spaces between.
    '^[^A-Za-z]*$',
    '^\\S*[-_./:#@=(){}\\[\\]0-9]\\S*$',
    '^[a-z]+$',
    '^[a-z]+[A-Z]\\w*$',
    '^(?:[A-Z][a-z]+){2,}$',
    '^[A-Z]{1,3}[ !]*$',
    '^(?:Arrow(?:Up|Down|Left|Right)|Enter|Escape|Home|End|Tab|Backspace)$',
    '^(?:ctrl|alt|mod)\\+',
    '^°[CF]$',
    '^Cel$',
    'h1v1h-1z$',
    '^(?:Vigil|NEWS2|Failure)$',
    // What the core says of what it does not know; the screen compares with it.
    '^Not known$',
    '^(?:minmax\\(.*|.*(?:sans-serif|monospace)|.*\\d(?:px|fr|%).*)$',
  ],
  ignoreNames: [
    { regex: { pattern: '^(?:class(?:Name)?|id|htmlFor|key|variant|size|color|fill|stroke|href|d|viewBox|autoComplete|autoCapitalize|inputMode|scope|style|width|field|fhir|resourceType|unit|shortcut|transform|points|queryKey|font|fontFamily|fontFamilyMonospace)$' } },
    { regex: { pattern: '^(?:data|aria-(?:live|orientation|autocomplete|controls|labelledby|describedby|activedescendant|keyshortcuts))' } },
  ],
  ignoreFunctions: [
    'field', 'clear', 'focusField', 'useKept', 'useKeptAtFirst', '*.querySelector', '*.querySelectorAll', '*.closest', '*.matches', '*.addEventListener', '*.removeEventListener', '*.getElementById',
    '*.getAttribute', '*.setAttribute', '*.getPropertyValue', '*.includes', '*.startsWith', '*.endsWith', '*.indexOf', '*.split', '*.join', '*.replace', '*.replaceAll', '*.normalize', '*.has', '*.get',
    '*.createElement', '*.namedItem', '*.read', '*.write', '*.localeCompare', 'RegExp', 'Intl.*', 'Error', 'Date', '*.matchMedia', '*.append', '*.forEach',
  ],
  useTsTypes: true,
};

export default tseslint.config(
  { ignores: ['dist', 'dist-mock', 'node_modules', 'src/api/bindings.ts'] },
  js.configs.recommended,
  { files: ['**/*.{ts,tsx}'], extends: [...tseslint.configs.recommendedTypeChecked], languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    extends: [jsxA11y.flatConfigs.strict],
    languageOptions: { globals: globals.browser },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Handlers arrive as props and from hooks; none of them has a `this`.
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'error',
      // The first field of a form takes the focus: keyboard order is reading order.
      'jsx-a11y/no-autofocus': 'off',
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'Nothing is kept in the web view.' },
        { name: 'sessionStorage', message: 'Nothing is kept in the web view.' },
        { name: 'indexedDB', message: 'Nothing is kept in the web view.' },
        { name: 'fetch', message: 'The screen has no network; ask the core.' },
      ],
      'max-lines': ['error', 400],
    },
  },
  {
    // Every word that people read is marked for translation (ADR 29).
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.*', 'src/lib/testing/**', 'src/api/mock*', 'src/lib/language/**'],
    plugins: { lingui },
    rules: {
      'lingui/no-unlocalized-strings': ['error', notLanguage],
      // A table of words asks for each when it is shown: what is translated while a file is read stays in the first language.
      'lingui/t-call-in-function': 'error',
      'lingui/no-single-variables-to-translate': 'error',
      'lingui/no-single-tag-to-translate': 'error',
      'lingui/no-trans-inside-trans': 'error',
    },
  },
  {
    files: ['src/{app,lib,components}/**'],
    ignores: ['**/*.test.*', 'src/lib/testing/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [shell, invented] }] },
  },
  {
    files: ['src/components/**', 'src/lib/**'],
    ignores: ['**/*.test.*', 'src/lib/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [shell, invented, { group: ['@/app/*', '@/features/*', '../app/*', '../features/*'], message: 'Components and lib know no feature.' }] },
      ],
    },
  },
  ...features,
);
