import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isArray, isDoc, readExtendedJson, relaxedJson, type Value } from '@stage0/bson-schema'
import { sharedFolder } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import type { FolderKind, RawFile } from '../model/files.ts'
import type { Repository } from '../model/model.ts'
import { readRepository } from '../model/repository.ts'
import { sha256Hex } from '../plan/canonical.ts'
import { readYaml } from '../text/read-yaml.ts'
import { yamlValue } from '../text/yaml-value.ts'
import { checkRepository } from './check-repository.ts'
import { renderSchema, renderType } from './render-schema.ts'

const fixtures = sharedFolder('fixtures')
if (fixtures === undefined) console.log('render.conformance: skipped, the folder of shared fixtures is not there')

const FOLDERS: readonly FolderKind[] = [
  'configurations',
  'dictionaries',
  'types',
  'enumerators',
  'test_data',
  'migrations',
]

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function load(fixture: string): Repository {
  const files = FOLDERS.flatMap((folder) =>
    list(join(fixtures ?? '', fixture, folder))
      .filter((name) => /\.(?:yaml|yml|json)$/.test(name))
      .map((name): RawFile => {
        const text = readFileSync(join(fixtures ?? '', fixture, folder, name), 'utf8')
        return { folder, name, path: `${folder}/${name}`, text, hash: sha256Hex(text) }
      }),
  )
  return readRepository({ files, problems: [] })
}

/** Key order does not count where the verified file was written in another one: everything sorted. */
const sorted = (value: Value): unknown => {
  if (isArray(value)) return value.map(sorted)
  return isDoc(value)
    ? Object.fromEntries(
        [...value.entries()].map(([k, v]) => [k, sorted(v)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    : value
}

function verified(path: string): Value {
  const text = readFileSync(path, 'utf8')
  if (path.endsWith('.json')) {
    const read = readExtendedJson(text)
    if (!read.ok) throw new Error(`${path}: ${JSON.stringify(read.error)}`)
    return read.value
  }
  const { root } = readYaml(text)
  if (root === undefined) throw new Error(`${path} cannot be read`)
  return yamlValue(root, () => undefined)
}

interface Verified {
  readonly format: 'json' | 'bson'
  readonly stem: string
  readonly path: string
}

const verifiedOf = (fixture: string): Verified[] =>
  (['json', 'bson'] as const).flatMap((format) => {
    const folder = join(fixtures ?? '', fixture, 'verified_output', `${format}_schema`)
    return list(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => ({ format, stem: name.replace(/\.(?:yaml|json)$/, ''), path: join(folder, name) }))
  })

describe.skipIf(fixtures === undefined)('the fixtures of the first implementation', () => {
  it('has 60 verified schema files', () => {
    const all = ['passing_type_renders', 'passing_template', 'passing_process', 'passing_empty'].flatMap(verifiedOf)
    expect(all).toHaveLength(60)
  })

  it.each(['passing_template', 'passing_process'])(
    'renders every collection version of %s, key order included',
    (fixture) => {
      const repository = load(fixture)
      for (const { format, stem, path } of verifiedOf(fixture)) {
        const at = stem.indexOf('.')
        const rendered = renderSchema(repository, stem.slice(0, at), stem.slice(at + 1), format)
        const text = rendered.ok ? relaxedJson(rendered.value.schema, 2) : JSON.stringify(rendered.error)
        expect(text, `${format} ${stem}`).toBe(relaxedJson(verified(path), 2))
      }
    },
  )

  it('renders every type of passing_type_renders', () => {
    const repository = load('passing_type_renders')
    for (const { format, stem, path } of verifiedOf('passing_type_renders')) {
      const rendered = renderType(repository, stem, format)
      expect(rendered && sorted(rendered), `${format} ${stem}`).toEqual(sorted(verified(path)))
    }
  })

  it.each(['passing_template', 'passing_empty', 'passing_type_renders'])('finds no error in %s', (fixture) => {
    const { problems, wanted } = checkRepository(load(fixture), { loadTestData: true })
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(wanted).toBeDefined()
  })

  it('refuses passing_process because of its unique index on a field that no document has, and for nothing else', () => {
    const { problems, wanted } = checkRepository(load('passing_process'), { loadTestData: true })
    const errors = problems.filter((problem) => problem.severity === 'error')
    expect(errors.length).toBeGreaterThan(0)
    for (const { code, text, file, line, hint } of errors) {
      expect(code).toBe('TEST_DATA_NOT_UNIQUE')
      expect(text).toContain('unique index "nameIndex" of user')
      expect(text).toContain('userName missing')
      expect(file).toMatch(/^test_data\/user\./)
      expect(line).toBeGreaterThan(0)
      expect(hint).toContain('nameIndex')
    }
    expect(wanted).toBeUndefined()
  })

  it('takes passing_process when test data are not loaded, and warns of what would happen', () => {
    const { problems, wanted } = checkRepository(load('passing_process'), { loadTestData: false })
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(problems.map((problem) => problem.code)).toContain('TEST_DATA_NOT_UNIQUE')
    expect(wanted?.collections.map((each) => each.name)).toEqual([
      'content',
      'media',
      'notification',
      'organization',
      'user',
    ])
  })

  it('names every broken file of failing_refs with line and cause', () => {
    const { problems, wanted } = checkRepository(load('failing_refs'), { loadTestData: true })
    const found = problems
      .filter((problem) => problem.severity === 'error')
      .map(({ file, line, text }) => `${file}:${line} ${text}`)
    const expected = [
      /^configurations\/test_data\.yaml:5 .*test_data\.1\.0\.0\.0\.json.* does not exist/,
      /^configurations\/test_migrations\.yaml:5 .*missing_migration_file\.json.* does not exist/,
      /^dictionaries\/circular_ref\.1\.0\.0\.yaml:8 .*circular_ref\.1\.0\.0\.yaml -> circular_ref\.1\.0\.0\.yaml/,
      /^dictionaries\/missing_ref\.1\.0\.0\.yaml:8 .*does_not_exist\.1\.0\.0\.yaml.* does not exist/,
      /^dictionaries\/missing_type\.1\.0\.0\.yaml:8 .*"missing"/,
    ]
    for (const pattern of expected)
      expect(
        found.some((each) => pattern.test(each)),
        `${pattern}\n${found.join('\n')}`,
      ).toBe(true)
    expect(wanted).toBeUndefined()
  })

  it('names every broken file of failing_not_parsable with its line', () => {
    const { problems, wanted } = checkRepository(load('failing_not_parsable'), { loadTestData: true })
    const files = new Set(
      problems
        .filter((problem) => problem.severity === 'error' && problem.line !== undefined)
        .map((problem) => problem.file),
    )
    expect([...files]).toEqual([
      'configurations/invalid_configuration.yaml',
      'dictionaries/invalid_dictionary.yaml',
      'enumerators/invalid_enumerators.yaml',
      'migrations/invalid_migrations.json',
      'test_data/invalid_test_data.json',
    ])
    expect(wanted).toBeUndefined()
  })
})
