import fc from 'fast-check'
import { isDeep } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import type { FolderKind } from '../model/files.ts'
import { editorSettings, FILE_SCHEMAS } from './file-schemas.ts'
import { checkTexts } from '../render/testing/files.ts'
import type { JsonSchema } from './json-schema.ts'
import { disagreement, refusals, reported, STRUCTURAL, textOf } from './testing/both.ts'
import { CORPUS } from './testing/corpus.ts'
import { BOUNDS, mutate, MUTATIONS } from './testing/mutate.ts'

const FOLDERS = Object.keys(FILE_SCHEMAS) as readonly FolderKind[]

describe('the schema of a kind of file', () => {
  it.each(FOLDERS)('%s: takes a file that uses every attribute, as the check does', (folder) => {
    expect(refusals(folder, CORPUS[folder])).toEqual([])
    expect(reported(folder, textOf(CORPUS[folder])).filter((code) => STRUCTURAL.has(code))).toEqual([])
  })

  it.each(FOLDERS)('%s: refuses nothing that the check takes, and sees all that is wrong with the form', (folder) => {
    let refused = 0
    fc.assert(
      fc.property(fc.array(MUTATIONS, { minLength: 1, maxLength: 3 }), (mutations) => {
        const content = mutations.reduce(mutate, CORPUS[folder])
        if (refusals(folder, content).length > 0) refused++
        expect(disagreement(folder, content), textOf(content)).toBeUndefined()
      }),
      { numRuns: isDeep ? 10_000 : 100 },
    )
    expect(refused).toBeGreaterThan(10)
  })

  const HALVES: Readonly<Record<string, (bound: JsonSchema) => JsonSchema>> = {
    'both halves': (bound) => ({ type: 'simple', schema: { type: 'array', items: bound, ...bound } }),
    'the half of JSON Schema': (bound) => ({
      ...{ type: 'complex', json_type: { type: 'array', items: bound }, bson_type: { bsonType: 'array' } },
    }),
    'the half of the server': (bound) => ({
      ...{ type: 'complex', json_type: { type: 'array' }, bson_type: { bsonType: 'array', items: bound } },
    }),
  }
  const KEYWORDS = ['minimum', 'maximum', 'multipleOf'].concat(
    ['Length', 'Items', 'Properties'].flatMap((size) => [`min${size}`, `max${size}`]),
  )

  it.each(Object.keys(HALVES))(
    'takes the bounds in %s that the check takes, beyond what a double holds too',
    (half) => {
      const differing = KEYWORDS.flatMap((keyword) =>
        BOUNDS.flatMap((bound) => {
          const content = { root: { name: 'mine', ...HALVES[half]?.({ [keyword]: bound }) } }
          const difference = disagreement('types', content)
          return difference === undefined ? [] : [`${keyword}: ${bound}: ${difference}`]
        }),
      )
      expect(differing).toEqual([])
    },
  )
})

describe('the settings for editors', () => {
  const folders = Object.fromEntries(FOLDERS.map((kind) => [kind, `my_${kind}`])) as Record<FolderKind, string>
  const settings = editorSettings(folders, '.schemas')
  /** What is held against the schema of a kind, in YAML and in JSON. */
  const matchesOf = (kind: FolderKind) => {
    const path = `./.schemas/${FILE_SCHEMAS[kind].fileName}`
    return [
      ...(settings['yaml.schemas'][path] ?? []),
      ...settings['json.schemas'].flatMap(({ url, fileMatch }) => (url === path ? fileMatch : [])),
    ]
  }

  it.each(FOLDERS)('%s: name every file that the check reads as such', (folder) => {
    const isRead = (ending: string): boolean =>
      !checkTexts({ [`${folder}/x.${ending}`]: textOf(CORPUS[folder]) }).problems.some(
        ({ code }) => code === 'DATA_NOT_JSON_FILE',
      )
    const read = ['yaml', 'yml', 'json'].filter(isRead)
    expect(matchesOf(folder).map((glob) => glob.replace(/^\//, ''))).toEqual(
      read.map((ending) => `my_${folder}/*.${ending}`),
    )
  })
})
