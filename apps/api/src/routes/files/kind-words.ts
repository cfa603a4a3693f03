import type { FileKind } from '@stage0/types'

export interface KindWords {
  /** As operations call one of them: clients get methods of these names. */
  readonly one: string
  readonly many: string
  /** For people. */
  readonly words: string
}

export const KIND_WORDS: Readonly<Record<FileKind, KindWords>> = {
  configurations: { one: 'Configuration', many: 'Configurations', words: 'configuration' },
  dictionaries: { one: 'Dictionary', many: 'Dictionaries', words: 'dictionary' },
  types: { one: 'Type', many: 'Types', words: 'custom type' },
  enumerators: { one: 'EnumeratorsFile', many: 'EnumeratorsFiles', words: 'file of enumerators' },
  test_data: { one: 'TestDataFile', many: 'TestDataFiles', words: 'file of test data' },
  migrations: { one: 'Migration', many: 'Migrations', words: 'migration' },
}
