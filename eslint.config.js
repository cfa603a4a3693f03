import tseslint from 'typescript-eslint'

const TESTS = ['**/*.test.ts', '**/testing/**']
const DEVELOPMENT = ['packages/testkit/**', 'packages/tooling/**', 'bench/**', ...TESTS]

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/coverage/**', '**/*.js', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.strict,
  {
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
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
    files: [...DEVELOPMENT, 'apps/cli/src/main.ts', 'packages/workspace/src/settings/**', 'vitest.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['packages/tooling/**', 'bench/**', ...TESTS], rules: { 'no-console': 'off' } },
  { files: TESTS, rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['vitest.config.ts'], rules: { 'no-restricted-exports': 'off' } },
)
