import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const forbid = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});
const vscodeOnlyInUi = { group: ['vscode'], message: 'Only src/ui and src/extension.ts may import vscode.' };
const noUi = { group: ['**/ui/**'], message: 'Dependencies point from ui to the core, never back.' };
const noWebview = {
  group: ['**/webview/**', '!**/webview/protocol.ts'],
  message: 'The extension knows only the protocol of the panel.',
};

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', '.vscode-test/', 'coverage/', '.sandbox/', '.demo/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-console': 'error', ...forbid(vscodeOnlyInUi, noUi, noWebview) },
  },
  {
    files: ['src/engine/**/*.ts'],
    rules: forbid(vscodeOnlyInUi, noUi, noWebview, {
      group: [
        '@azure/*',
        '**/azure/**',
        '**/fhir/**',
        '**/http/**',
        '!**/fhir/serviceKind.ts',
        '**/services/**',
        '**/cli/**',
      ],
      message: 'The engine sees the outside only through engine/ports.ts.',
    }),
  },
  {
    files: ['src/{failure,http,fhir,azure}/**/*.ts'],
    rules: forbid(vscodeOnlyInUi, noUi, noWebview, {
      group: ['**/engine/**', '**/services/**', '**/cli/**'],
      message: 'fhir, azure and http are the lowest layers.',
    }),
  },
  {
    files: ['src/{report,cutover}/**/*.ts'],
    rules: forbid(vscodeOnlyInUi, noUi, noWebview, {
      group: ['@azure/*', '**/http/**', '**/services/**', '**/cli/**'],
      message: 'Reports and cutover are computed from plain data.',
    }),
  },
  {
    files: ['src/ui/**/*.ts', 'src/extension.ts'],
    rules: forbid(noWebview),
  },
  {
    files: ['webview/**/*.ts'],
    rules: forbid({ group: ['**/src/**'], message: 'The panel knows only its protocol.' }),
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
);
