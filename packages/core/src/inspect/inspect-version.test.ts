import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { observed, observedCollection } from '../plan/testing/builders.ts'
import { repositoryOf, STOCK, thingWith } from '../render/testing/files.ts'
import { inspectVersion } from './inspect-version.ts'
import { dictionary, enumeratorsFile, inspected, nodeAt } from './testing/samples.ts'

const ID = '{name: _id, type: identifier, required: true}'

/** Two versions of `thing` with these properties besides `_id`. */
const twoVersions = (before: readonly string[], after: readonly string[], more: Record<string, string> = {}) => ({
  ...STOCK,
  'configurations/thing.yaml': 'versions:\n  - version: 1.0.0.0\n  - version: 1.1.0.0\n',
  'dictionaries/thing.1.0.0.yaml': dictionary(ID, ...before),
  'dictionaries/thing.1.1.0.yaml': dictionary(ID, ...after),
  ...more,
})

const changesOf = ({ nodes, removed }: ReturnType<typeof inspected>) => ({
  changes: Object.fromEntries(nodes.flatMap(({ path, change }) => (change === undefined ? [] : [[path, change]]))),
  removed,
})

describe('a version inspected', () => {
  it('C-15: shows the values of the enumerators that the version is pinned to, not of the newest', () => {
    const texts = {
      ...thingWith(['{name: state, type: enum, enums: state}', '{name: all, type: enum_array, enums: state}']),
      'configurations/thing.yaml': 'versions:\n  - version: 1.0.0.0\n  - version: 1.0.0.1\n',
      'enumerators/enumerations.0.yaml': enumeratorsFile(0, { state: ['open', 'closed'] }),
      'enumerators/enumerations.1.yaml': enumeratorsFile(1, { state: ['open', 'archived'] }),
      'enumerators/enumerations.2.yaml': enumeratorsFile(2, { state: ['newest'] }),
    }
    const values = (version: string, path: string) =>
      nodeAt(inspected(texts, version), path).values?.map((one) => one.value)
    expect(values('1.0.0.0', '/state')).toEqual(['open', 'closed'])
    expect(values('1.0.0.1', '/state')).toEqual(['open', 'archived'])
    expect(values('1.0.0.1', '/all')).toEqual(['open', 'archived'])
    const newest = inspected(texts)
    expect(newest.enumerators).toEqual({ version: 1, file: 'enumerators/enumerations.1.yaml' })
    expect(nodeAt(newest, '/state')).toMatchObject({
      change: 'changed',
      of: 'state',
      values: [{ value: 'open', description: 'About open', deprecated: false }, { value: 'archived' }],
    })
  })

  it('expands types and references in place, with their files, and keeps the place of the use', () => {
    const shown = inspected(
      thingWith(
        [
          '{name: home, type: ref, ref: address, required: true}',
          '{name: tags, type: array, min_items: 1, max_items: 1, unique_items: true, items: {type: word}}',
        ],
        {
          'dictionaries/address.yaml': dictionary('{name: city, type: word, required: true}'),
        },
      ),
    )
    expect(nodeAt(shown, '/home')).toMatchObject({
      kind: 'ref',
      of: 'address',
      bson_type: 'object',
      required: true,
      children: 1,
      expanded_from: 'dictionaries/address.yaml',
      source: { file: 'dictionaries/thing.1.0.0.yaml', pointer: '/root/properties/1', line: 7 },
    })
    expect(nodeAt(shown, '/home/city')).toMatchObject({
      kind: 'custom',
      constraints: ['matches ^\\S+$'],
      expanded_from: 'types/word.yaml',
      source: { file: 'dictionaries/address.yaml', pointer: '/root/properties/0' },
      json_pointer: '/properties/home/properties/city',
    })
    expect(nodeAt(shown, '/tags')).toMatchObject({ constraints: ['exactly 1 item', 'no two items equal'], children: 1 })
    expect(nodeAt(shown, '/tags/[]')).toMatchObject({ name: '[]', depth: 2, bson_pointer: '/properties/tags/items' })
  })

  it('marks what was added and changed since the version before, and names what is gone without its inside', () => {
    const shown = inspected(
      twoVersions(
        [
          '{name: same, type: word}',
          '{name: longer, type: simple, schema: {type: string, maxLength: 3}}',
          '{name: gone, type: object, properties: [{name: inside, type: word}]}',
          '{name: kept, type: object, properties: [{name: old, type: word}]}',
        ],
        [
          '{name: same, type: word}',
          '{name: longer, type: simple, schema: {type: string, maxLength: 5}}',
          '{name: kept, type: object, properties: [{name: new, type: object, properties: [{name: x, type: word}]}]}',
        ],
      ),
    )
    expect(shown.previous).toBe('1.0.0.0')
    expect(changesOf(shown)).toEqual({
      changes: { '/longer': 'changed', '/kept/new': 'added', '/kept/new/x': 'added' },
      removed: ['/gone', '/kept/old'],
    })
    expect(changesOf(inspected(twoVersions([], ['{name: x, type: word}']), '1.0.0.0'))).toEqual({
      changes: {},
      removed: [],
    })
  })

  it('does not call added or removed what one of the two versions cannot show', () => {
    const types = { 'types/part.yaml': `root: {name: p, type: object, properties: [{name: x, type: word}]}\n` }
    const [broken, whole] = ['{name: a, type: parts}', '{name: a, type: part}']
    expect(changesOf(inspected(twoVersions([broken], [whole], types)))).toEqual({
      changes: { '/a': 'changed' },
      removed: [],
    })
    expect(changesOf(inspected(twoVersions([whole], [broken], types)))).toEqual({
      changes: { '/a': 'changed' },
      removed: [],
    })
    const without: Record<string, string> = twoVersions([whole], [whole], types)
    delete without['dictionaries/thing.1.0.0.yaml']
    expect(changesOf(inspected(without))).toEqual({ changes: {}, removed: [] })
  })

  it('lists what is kept, added and dropped of the indexes, and what the database has of them', () => {
    const texts = {
      ...thingWith(['{name: a, type: word}']),
      'configurations/thing.yaml': `versions:
  - version: 1.0.0.0
    add_indexes:
      - {name: stays, key: {a: 1}, options: {unique: true}}
      - {name: goes, key: {a: -1}}
      - {name: again, key: {b: 1}}
      - {name: redone, key: {c: 1}}
  - version: 1.0.0.1
    drop_indexes: [goes, again, redone, stranger]
    add_indexes:
      - {name: again, key: {b: 1}}
      - {name: redone, key: {c: 1, d: text}}
`,
    }
    const index = (name: string, key: Record<string, number | string>, options = {}) => ({
      name,
      key: doc(key),
      options: doc(options),
    })
    const live = observed({
      collections: [
        observedCollection('thing', {
          indexes: [index('stays', { a: 1 }), index('goes', { a: -1 }), index('again', { b: 1 })],
        }),
      ],
    })
    const rows = (options = {}) =>
      inspected(texts, '1.0.0.1', options).indexes.map((one) => [
        one.name,
        one.change,
        one.live,
        one.keys.map((key) => `${key.field} ${key.direction}`).join(', '),
      ])
    expect(rows({ observed: live })).toEqual([
      ['stays', 'kept', 'different', 'a 1'],
      ['again', 'kept', 'there', 'b 1'],
      ['redone', 'added', 'missing', 'c 1, d text'],
      ['goes', 'dropped', 'there', 'a -1'],
      ['redone', 'dropped', 'missing', 'c 1'],
      ['stranger', 'dropped', 'missing', ''],
    ])
    expect(new Set(rows().map(([, , state]) => state))).toEqual(new Set(['unknown']))
    expect(rows({ observed: observed() }).every(([, , state]) => state === 'missing')).toBe(true)
    const [first] = inspected(texts, '1.0.0.0').indexes
    expect(first).toMatchObject({ options: '{"unique": true}', place: { file: 'configurations/thing.yaml', line: 4 } })
  })

  it('shows the data files of the version with their text, also when they cannot be used', () => {
    const texts = {
      ...thingWith(['{name: a, type: word}']),
      'configurations/thing.yaml':
        'versions:\n  - version: 1.0.0.0\n    migrations: [m.json, none.json]\n    test_data: bad.json\n',
      'migrations/m.json': '[{"$out": "thing"}]',
      'test_data/bad.json': '{',
    }
    const shown = inspected(texts)
    expect(shown.migrations).toEqual([
      {
        file_name: 'm.json',
        path: 'migrations/m.json',
        items: 1,
        text: '[{"$out": "thing"}]',
        broken: false,
        problems: [],
      },
      { file_name: 'none.json', path: 'migrations/none.json', items: 0, broken: true, problems: [] },
    ])
    expect(shown.test_data).toMatchObject({
      path: 'test_data/bad.json',
      broken: true,
      problems: [{ code: 'JSON_SYNTAX' }],
    })
    expect(shown.problems.map((one) => one.code)).toEqual(['REFERENCE_MISSING', 'REFERENCE_BROKEN', 'JSON_SYNTAX'])
    const large = inspected({ ...texts, 'migrations/m.json': `[{"$out": "thing"}${' '.repeat(300_000)}]` })
    expect(large.migrations[0]).not.toHaveProperty('text')
  })

  it('has the problems of its own files and its own place, and tells each property the first one about it', () => {
    const texts = {
      ...thingWith(['{name: a, type: simple, schema: {type: strng}}', '{name: b, type: odd}'], {
        'types/odd.yaml': 'root: {name: o, type: simple, schema: {type: string, pattern: "("}}\n',
        'dictionaries/other.1.0.0.yaml': dictionary('{name: x, type: nothing}'),
        'configurations/other.yaml': 'versions:\n  - version: 1.0.0\n',
      }),
      'configurations/thing.yaml': 'versions:\n  - version: 1.0.0\n    wrong: 1\n  - version: 2.0.0\n    false: 1\n',
    }
    const shown = inspected(texts, '1.0.0')
    expect(new Set(shown.problems.map((one) => one.file))).toEqual(
      new Set(['configurations/thing.yaml', 'dictionaries/thing.1.0.0.yaml', 'types/odd.yaml']),
    )
    expect(shown.problems.filter((one) => one.file === 'configurations/thing.yaml')).toMatchObject([
      { pointer: '/versions/0/wrong' },
    ])
    expect(nodeAt(shown, '/a').problem).toContain('"strng"')
    expect(nodeAt(shown, '/b').problem).toBeUndefined()
    expect(inspected(texts, '2.0.0').nodes).toEqual([])
    expect(inspected(texts, '2.0.0').problems.map((one) => one.code)).toContain('REFERENCE_MISSING')
  })

  it('gives no pointers without the enumerators file, since nothing is rendered then', () => {
    const shown = inspected({
      ...thingWith(['{name: a, type: word}']),
      'configurations/thing.yaml': 'versions:\n  - version: 1.0.0.7\n',
    })
    expect(nodeAt(shown, '/a')).not.toHaveProperty('json_pointer')
    expect(shown.enumerators).toEqual({ version: 7 })
    expect(shown.steps.map((one) => one.kind)).toEqual(['createCollection', 'recordVersion'])
  })

  it('shows a property that is declared twice once, as it is rendered, with the warning', () => {
    const shown = inspected(
      thingWith(['{name: a, type: word}', '{name: b, type: word}', '{name: a, type: constant, constant: x}']),
    )
    expect(shown.nodes.map((one) => one.path)).toEqual(['', '/_id', '/a', '/b'])
    expect(nodeAt(shown, '/a')).toMatchObject({ kind: 'constant', constraints: ['always "x"'] })
    expect(nodeAt(shown, '/a').problem).toContain('replaces the earlier one')
  })

  it('leaves out test data where they are not loaded', () => {
    const texts = {
      ...thingWith([]),
      'configurations/thing.yaml': 'versions:\n  - version: 1.0.0\n    test_data: t.json\n',
      'test_data/t.json': '[{"_id": {"$oid": "a00000000000000000000001"}}]',
    }
    const kinds = (loadTestData: boolean) => inspected(texts, '1.0.0', { loadTestData }).steps.map((one) => one.kind)
    expect(kinds(true)).toContain('loadData')
    expect(kinds(false)).not.toContain('loadData')
  })

  it('finds the place of a migration that is named twice', () => {
    const texts = {
      ...thingWith([]),
      'configurations/thing.yaml': 'versions:\n  - version: 1.0.0\n    migrations: [m.json, m.json]\n',
      'migrations/m.json': '[{"$out": "thing"}]',
    }
    const places = inspected(texts)
      .steps.filter((one) => one.kind === 'migrate')
      .map((one) => one.place?.pointer)
    expect(places).toEqual(['/versions/0/migrations/0', '/versions/0/migrations/1'])
  })

  it('tells which collection or version there is none of', () => {
    const repository = repositoryOf(thingWith([]))
    expect(inspectVersion(repository, 'things', undefined)).toMatchObject({ error: [{ code: 'COLLECTION_UNKNOWN' }] })
    expect(inspectVersion(repository, 'thing', '9.0.0')).toMatchObject({
      error: [{ code: 'VERSION_UNKNOWN', hint: 'It has 1.0.0.0.' }],
    })
  })

  it('uses the problems that are handed in', () => {
    const problem = {
      code: 'X',
      severity: 'error',
      file: 'dictionaries/thing.1.0.0.yaml',
      pointer: '/root/properties/1/type',
      text: 'told',
    } as const
    const shown = inspected(thingWith(['{name: a, type: word}']), undefined, { problems: [problem] })
    expect(shown.problems).toEqual([problem])
    expect(nodeAt(shown, '/a').problem).toBe('told')
  })
})
