// The walls of the screen: who may import whom, and what every element must offer to a keyboard and a screen reader.
import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const shell = { group: ['@tauri-apps/*', '@/api/transport', '@/api/bindings', '**/bindings', '**/transport'], message: 'Only ui/src/api talks to the shell.' };
const invented = { group: ['**/mock', '**/mockChart', '**/mockGrowth', '**/mockEntry', '**/mockSignIn', '**/mockAbilities', '**/mockRecovery', '**/mockReports', '**/mockNote', '**/mockNoteText', '**/mockPatients', '@/api/mock'], message: 'Invented data is for tests.' };
const features = readFeatures(['administration', 'chart', 'home', 'note', 'patient', 'privacy', 'recovery', 'registration', 'session']);

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
