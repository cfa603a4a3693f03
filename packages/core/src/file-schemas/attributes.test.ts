import { describe, expect, it } from 'vitest'
import * as configuration from '../model/configuration.ts'
import * as version from '../model/configuration-version.ts'
import * as rooted from '../model/dictionary.ts'
import * as enumerators from '../model/enumerators.ts'
import type { FolderKind } from '../model/files.ts'
import * as indexes from '../model/index-list.ts'
import { COMMON, OWN } from '../model/property.ts'
import { STAGES } from '../plan/pipeline-stages.ts'
import { RISK_CODES } from '../plan/risk-catalogue.ts'
import { BSON_KEYWORDS, JSON_KEYWORDS } from '../render/fragment-keywords.ts'
import { OPTIONS } from '../render/index-options.ts'
import { FILE_SCHEMAS } from './file-schemas.ts'
import type { Json, JsonSchema } from './json-schema.ts'
import { newAjv } from './testing/both.ts'

/** What stands at a path of a schema. */
function at(folder: FolderKind, ...path: readonly string[]): Json {
  let place: Json = FILE_SCHEMAS[folder].schema
  for (const step of path) place = (place as Readonly<Record<string, Json>>)[step] ?? null
  return place
}
const keysAt = (folder: FolderKind, ...path: readonly string[]): string[] =>
  Object.keys(at(folder, ...path, 'properties') as object).sort()
const sorted = (names: Iterable<string>): string[] => [...names].sort()

const VERSION = ['properties', 'versions', 'items'] as const
const INDEX = [...VERSION, 'properties', 'add_indexes', 'items'] as const
const ENUMERATOR = ['properties', 'enumerators', 'items'] as const

describe('the attributes of a schema are those that the reader knows', () => {
  it.each<readonly [string, FolderKind, readonly string[], Iterable<string>]>([
    ['a configuration', 'configurations', [], configuration.KNOWN],
    ['a version', 'configurations', VERSION, version.KNOWN],
    ['an index', 'configurations', INDEX, indexes.KNOWN],
    ['options of an index', 'configurations', [...INDEX, 'properties', 'options'], OPTIONS.keys()],
    ['a dictionary', 'dictionaries', [], rooted.KNOWN],
    ['a type', 'types', [], rooted.KNOWN],
    ['an enumerators file', 'enumerators', [], enumerators.KNOWN],
    ['an enumerator', 'enumerators', ENUMERATOR, enumerators.KNOWN_OF_ENUMERATOR],
    ['a value', 'enumerators', [...ENUMERATOR, 'properties', 'values', 'items'], enumerators.KNOWN_OF_VALUE],
    ['a stage', 'migrations', ['items'], STAGES],
    ['a JSON fragment', 'types', ['definitions', 'jsonFragmentObject'], JSON_KEYWORDS.keys()],
    ['a BSON fragment', 'types', ['definitions', 'bsonFragment'], BSON_KEYWORDS.keys()],
    ['a custom type', 'types', ['definitions', 'customProperty'], COMMON],
    ...Object.entries(OWN).map(([kind, own]): readonly [string, FolderKind, readonly string[], Iterable<string>] => {
      const name = kind.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
      return [`kind ${kind}`, 'dictionaries', ['definitions', `${name}Property`], [...COMMON, ...own]]
    }),
  ])('%s', (_, folder, path, known) => {
    expect(keysAt(folder, ...path)).toEqual(sorted(known))
  })

  it('kinds and codes of risks are all offered', () => {
    const [kinds] = at('types', 'definitions', 'anyProperty', 'properties', 'type', 'anyOf') as readonly JsonSchema[]
    expect(sorted(kinds?.['enum'] as readonly string[])).toEqual(sorted(Object.keys(OWN)))
    expect(at('configurations', ...VERSION, 'properties', 'allow', 'items', 'properties', 'code', 'enum')).toEqual(
      Object.keys(RISK_CODES),
    )
  })
})

/** Every attribute of a schema with its pointer, at every depth; what stands for a description elsewhere is left out. */
function* attributes(schema: Json, pointer: string): Generator<readonly [string, JsonSchema]> {
  if (typeof schema !== 'object' || schema === null) return
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'examples' || key === 'not' || key === 'if') continue
    const below = `${pointer}/${key}`
    if (key === 'properties') {
      for (const [name, attribute] of Object.entries(value as Readonly<Record<string, Json>>)) {
        const place = `${below}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
        if (attribute === true) continue
        yield [place, attribute as JsonSchema]
        yield* attributes(attribute, place)
      }
    } else yield* attributes(value, below)
  }
}

describe('what an editor shows', () => {
  it.each(Object.entries(FILE_SCHEMAS))(
    '%s: every attribute is described, with examples that it takes itself',
    (_, { schema }) => {
      const ajv = newAjv()
      expect(ajv.validateSchema(schema)).toBe(true)
      ajv.addSchema(schema)
      const all = [...attributes(schema, '')]
      expect(schema['description']).toMatch(/\.$/)
      for (const [pointer, { description, examples }] of all) {
        expect(description, pointer).toMatch(/^[A-Z].*\.$/)
        const takes = ajv.getSchema(`${String(schema['$id'])}#${pointer}`)
        for (const example of examples as readonly Json[]) {
          expect(takes?.(example) ? '' : ajv.errorsText(takes?.errors), `${pointer} ${JSON.stringify(example)}`).toBe(
            '',
          )
        }
        expect((examples as readonly Json[]).length, pointer).toBeGreaterThan(0)
      }
      if (!String(schema['$id']).endsWith('test_data')) expect(all.length).toBeGreaterThan(4)
    },
  )
})
