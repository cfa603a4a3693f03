import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedFolder } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import type { FolderKind, RawFile } from './files.ts'
import { readRepository } from './repository.ts'

const FOLDERS: readonly FolderKind[] = [
  'configurations',
  'dictionaries',
  'types',
  'enumerators',
  'test_data',
  'migrations',
]
const fixtures = sharedFolder('fixtures')
if (fixtures === undefined) console.log('model.conformance: skipped, the folder of shared fixtures is absent')

function readFixture(name: string) {
  const files = FOLDERS.flatMap((folder) => {
    const path = join(fixtures ?? '', name, folder)
    if (!existsSync(path)) return []
    const names = readdirSync(path).filter((file) => /\.(?:yaml|json)$/.test(file))
    return names.map((file): RawFile => {
      return { folder, name: file, path: `${folder}/${file}`, text: readFileSync(join(path, file), 'utf8'), hash: '' }
    })
  })
  return readRepository({ files, problems: [] })
}

describe.skipIf(fixtures === undefined)('the fixtures', () => {
  it.each([
    ['passing_empty', [0, 0, 0, 1, 0, 0]],
    ['passing_process', [5, 8, 18, 4, 12, 1]],
    ['passing_template', [1, 2, 17, 3, 2, 1]],
    ['passing_type_renders', [0, 0, 17, 0, 0, 0]],
  ])('%s is read whole, without an error', (name, counts) => {
    const { configurations, dictionaries, types, enumerators, testData, migrations, problems, broken } =
      readFixture(name)
    expect([configurations, dictionaries, types, enumerators, testData, migrations].map(({ size }) => size)).toEqual(
      counts,
    )
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(broken.size).toBe(0)
  })

  it('passing_process has duplicate keys in four dictionaries, each a warning with its place', () => {
    const duplicates = readFixture('passing_process').problems.filter(({ code }) => code === 'YAML_DUPLICATE_KEY')
    expect(new Set(duplicates.map(({ file }) => file)).size).toBe(4)
    expect(duplicates.every(({ severity, line }) => severity === 'warning' && (line ?? 0) > 1)).toBe(true)
  })

  it('failing_not_parsable: every broken file is named with its line', () => {
    const { problems, broken } = readFixture('failing_not_parsable')
    expect(problems.map(({ code, file, line }) => `${code} ${file}:${line}`)).toEqual([
      'YAML_SYNTAX configurations/invalid_configuration.yaml:1',
      'YAML_SYNTAX dictionaries/invalid_dictionary.yaml:1',
      'YAML_SYNTAX enumerators/invalid_enumerators.yaml:1',
      'JSON_SYNTAX migrations/invalid_migrations.json:1',
      'JSON_SYNTAX test_data/invalid_test_data.json:1',
    ])
    expect(broken.size).toBe(5)
  })

  it('failing_refs: the property without a name is found, beside its unknown attribute', () => {
    const { problems, dictionaries } = readFixture('failing_refs')
    expect(problems.map(({ severity, code, file, line }) => `${severity} ${code} ${file}:${line}`)).toEqual([
      'warning ATTRIBUTE_UNKNOWN dictionaries/test_data.1.0.0.yaml:7',
      'error PROPERTY_NAME_MISSING dictionaries/test_data.1.0.0.yaml:7',
    ])
    expect(dictionaries.size).toBe(5)
  })
})
