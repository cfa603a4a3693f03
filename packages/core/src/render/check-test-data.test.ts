import type { Problem } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { checkTexts, thingWith } from './testing/files.ts'

const PROPERTIES = [
  '{name: name, type: word}',
  '{name: tags, type: array, items: {name: t, type: word}}',
  '{name: n, type: complex, json_type: {type: number}, bson_type: {bsonType: number}}',
  '{name: o, type: object, additional_properties: true}',
]

/** A collection with test data in two versions, and indexes in the first. */
function thing(indexes: string, first: string, second?: string, migrations = ''): Record<string, string> {
  const more: Record<string, string> = {
    'configurations/thing.yaml': `versions:\n  - version: 1.0.0.0\n    add_indexes: [${indexes}]\n    test_data: first.json\n${second === undefined ? '' : `  - version: 1.0.0.1\n${migrations}    test_data: second.json\n`}`,
    'enumerators/enumerations.1.yaml': 'version: 1\nenumerators: []\n',
    'test_data/first.json': first,
  }
  if (second !== undefined) more['test_data/second.json'] = second
  if (migrations !== '') more['migrations/m.json'] = '[{"$out": "thing"}]'
  return thingWith(PROPERTIES, more)
}

const found = (texts: Record<string, string>, code: string, load = true): readonly Problem[] =>
  checkTexts(texts, load).problems.filter((problem) => problem.code === code)
const unique = (key: string, options = ''): string => `{name: u, key: {${key}}, options: {unique: true${options}}}`

describe('test data against the schema', () => {
  it('says in words which field is too much and which is lacking', () => {
    const texts = found(thing('', '[{"zzz": 1}]'), 'TEST_DATA_INVALID').map(({ text }) => text)
    expect(texts).toEqual([expect.stringMatching(/^document 1 .* has the field zzz, which the schema does not allow/)])
    const required = thingWith(['{name: must, type: word, required: true}'], {
      'configurations/thing.yaml': 'versions:\n  - {version: 1.0.0, test_data: a.json}\n',
      'test_data/a.json': '[{}]',
    })
    expect(found(required, 'TEST_DATA_INVALID').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^document 1 .* lacks the field must, which the schema requires/),
    ])
  })

  it('names document, path, rule, expected and actual, at the line of the value', () => {
    const [problem] = found(
      thing('', '[\n  {"_id": {"$oid": "A00000000000000000000001"},\n   "name": "two words"}\n]'),
      'TEST_DATA_INVALID',
    )
    expect(problem).toMatchObject({ severity: 'error', file: 'test_data/first.json', line: 3 })
    expect(problem?.text).toMatch(/document 1 .*pattern at name: .*found "two words"/)
  })

  it('is a warning when test data will not be loaded', () => {
    const texts = thing('', '[{"name": "two words"}]')
    expect(found(texts, 'TEST_DATA_INVALID', false)[0]?.severity).toBe('warning')
    expect(checkTexts(texts, false).wanted).toBeDefined()
  })

  it('counts what it does not list', () => {
    const many = Array.from({ length: 30 }, (_, i) => `{"n": ${i}, "name": "a b"}`).join(',')
    const problems = found(thing('', `[${many}]`), 'TEST_DATA_INVALID')
    expect(problems).toHaveLength(21)
    expect(problems.some((problem) => problem.text.includes('10 more documents'))).toBe(true)
  })
})

describe('test data against unique indexes', () => {
  it.each([
    ['equal values', unique('name: 1'), '[{"name": "a"}, {"name": "a"}]', 1],
    ['different values', unique('name: 1'), '[{"name": "a"}, {"name": "b"}]', 0],
    ['missing twice, which counts as null', unique('name: 1'), '[{"n": 1}, {"n": 2}]', 1],
    ['missing twice in a sparse index', unique('name: 1', ', sparse: true'), '[{"n": 1}, {"n": 2}]', 0],
    ['equal numbers of different types', unique('n: 1'), '[{"n": 5}, {"n": 5.0}]', 1],
    ['a shared element of two arrays', unique('tags: 1'), '[{"tags": ["a", "b"]}, {"tags": ["b"]}]', 1],
    ['one array that holds a value twice', unique('tags: 1'), '[{"tags": ["a", "a"]}, {"tags": ["b"]}]', 0],
    ['two empty arrays', unique('tags: 1'), '[{"tags": []}, {"tags": []}]', 1],
    ['an empty array and a missing one', unique('tags: 1'), '[{"tags": []}, {"n": 1}]', 0],
    ['one of two fields equal', unique('name: 1, n: 1'), '[{"name": "a", "n": 1}, {"name": "a", "n": 2}]', 0],
    [
      'elements of one array kept together',
      unique('"o.l.a": 1, "o.l.b": 1'),
      '[{"o": {"l": [{"a": 1, "b": 2}, {"a": 2, "b": 1}]}}, {"o": {"l": [{"a": 1, "b": 1}]}}]',
      0,
    ],
    [
      'outside of the partial filter',
      unique('name: 1', ', partialFilterExpression: {n: {$gt: 5}}'),
      '[{"name": "a", "n": 1}, {"name": "a", "n": 9}]',
      0,
    ],
    [
      'inside of the partial filter',
      unique('name: 1', ', partialFilterExpression: {n: {$gt: 5}}'),
      '[{"name": "a", "n": 6}, {"name": "a", "n": 9}]',
      1,
    ],
    [
      'a partial filter that is not decided here',
      unique('name: 1', ', partialFilterExpression: {"o.x": 1}'),
      '[{"name": "a"}, {"name": "a"}]',
      0,
    ],
    [
      'different case under a collation',
      unique('name: 1', ', collation: {locale: en, strength: 2}'),
      '[{"name": "a"}, {"name": "A"}]',
      1,
    ],
    ['different case without', unique('name: 1'), '[{"name": "a"}, {"name": "A"}]', 0],
    ['an index that is not unique', '{name: u, key: {name: 1}}', '[{"name": "a"}, {"name": "a"}]', 0],
    [
      'the same _id with other content',
      '',
      '[{"_id": {"$oid": "A00000000000000000000001"}, "n": 1}, {"_id": {"$oid": "a00000000000000000000001"}, "n": 2}]',
      1,
    ],
    [
      'the same document twice, which counts as loaded',
      '',
      '[{"_id": {"$oid": "A00000000000000000000001"}, "n": 1}, {"_id": {"$oid": "A00000000000000000000001"}, "n": 1}]',
      0,
    ],
  ])('%s', (_, indexes, data, count) => {
    expect(found(thing(indexes, data), 'TEST_DATA_NOT_UNIQUE')).toHaveLength(count)
  })

  it('explains which index, which documents, which value, and what to do', () => {
    const [problem] = found(thing(unique('name: 1'), '[{"name": "a"},\n {"name": "a"}]'), 'TEST_DATA_NOT_UNIQUE')
    expect(problem).toMatchObject({ file: 'test_data/first.json', line: 2, severity: 'error' })
    expect(problem?.text).toMatch(
      /the unique index "u" of thing 1\.0\.0\.0 refuses a document: document 2 \(_id .*\) has name "a", as document 1 \(_id .*\) has/,
    )
    expect(problem?.hint).toContain('different values in name')
  })

  it('is one problem for a file and an index, with the count and the first documents', () => {
    const data = JSON.stringify(Array.from({ length: 10 }, (_, i) => ({ name: 'a', n: i })))
    const problems = found(thing(unique('name: 1'), data), 'TEST_DATA_NOT_UNIQUE')
    expect(problems).toHaveLength(1)
    expect(problems[0]?.text).toMatch(/refuses 9 documents: document 2 .*; document 3 .*; document 4 .*; and 6 more$/)
  })

  it('compares documents of successive versions', () => {
    const [problem] = found(thing(unique('name: 1'), '[{"name": "a"}]', '[{"name": "a"}]'), 'TEST_DATA_NOT_UNIQUE')
    expect(problem?.file).toBe('test_data/second.json')
    expect(problem?.text).toContain('of test_data/first.json')
  })

  it('claims nothing about documents that a migration may have changed', () => {
    expect(
      found(
        thing(unique('name: 1'), '[{"name": "a"}]', '[{"name": "a"}]', '    migrations: [m.json]\n'),
        'TEST_DATA_NOT_UNIQUE',
      ),
    ).toEqual([])
  })
})
