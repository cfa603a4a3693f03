import vue from 'eslint-plugin-vue'
import accessibility from 'eslint-plugin-vuejs-accessibility'
import tseslint from 'typescript-eslint'

const TESTS = ['**/*.test.ts', '**/testing/**']
const DEVELOPMENT = ['packages/testkit/**', 'packages/tooling/**', 'bench/**', ...TESTS]

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/coverage/**', '**/*.js', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  ...accessibility.configs['flat/recommended'],
  {
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.lint.json', './apps/spa/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
        parser: tseslint.parser,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // A private type and a value of one name are how TypeBox schemas are declared.
      '@typescript-eslint/no-redeclare': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `catch {}` with a reason in a comment is allowed; an empty block without one is not.
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message:
            'Settings have one door: loadSettings gets the environment from the main file; elsewhere they are arguments.',
        },
      ],
    },
  },
  {
    files: [
      ...DEVELOPMENT,
      'apps/cli/src/main.ts',
      'packages/workspace/src/settings/**',
      'vitest.config.ts',
      'apps/spa/vite.config.ts',
      'e2e/**',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['packages/tooling/**', 'bench/**', ...TESTS], rules: { 'no-console': 'off' } },
  { files: TESTS, rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    files: ['**/*.vue'],
    rules: {
      // A single-file component is its default export.
      'no-restricted-exports': 'off',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      // Props that may be absent are typed so; a default of undefined says nothing more.
      'vue/require-default-prop': 'off',
      // A label around its field names it as well as an id does.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      // Layout is prettier's.
      ...Object.fromEntries(
        ['html-indent', 'html-self-closing', 'html-closing-bracket-newline', 'max-attributes-per-line'].map((rule) => [
          `vue/${rule}`,
          'off',
        ]),
      ),
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
    },
  },
  {
    files: ['vitest.config.ts', 'apps/spa/vite.config.ts', 'e2e/playwright.config.ts', 'e2e/support/tally-reporter.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
)
