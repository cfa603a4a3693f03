import { describe, expect, it } from 'vitest'
import { Doc, Double } from '@stage0/bson-schema'
import { errorEntry } from '@stage0/types'
import type { FolderKind, RawFile } from './files.ts'
import type { Property, Repository } from './model.ts'
import { readRepository } from './repository.ts'

function read(contents: Record<string, string>): Repository {
  const files = Object.entries(contents).map(([path, text]): RawFile => {
    const [folder, name] = path.split('/') as [FolderKind, string]
    return { folder, name, path, text, hash: '' }
  })
  const repository = readRepository({ files, problems: [] })
  for (const problem of repository.problems) {
    expect(errorEntry(problem.code), problem.code).toBeDefined()
    expect(problem.line, problem.text).toBeGreaterThan(0)
    expect(problem.hint, problem.text).toBeTruthy()
  }
  return repository
}

/** "severity CODE line:column pointer" of each problem of one file. */
const found = (path: string, text: string): string[] =>
  read({ [path]: text }).problems.map((p) => `${p.severity} ${p.code} ${p.line}:${p.column} ${p.pointer}`)

const dictionary = (property: string): string[] =>
  found('dictionaries/a.1.0.0.yaml', `root:\n  type: object\n  properties:\n    - ${property}\n`)
const configuration = (version: string): string[] => found('configurations/a.yaml', `versions:\n  - ${version}\n`)

describe('properties', () => {
  it.each([
    ['{type: word}', ['error PROPERTY_NAME_MISSING 4:7 /root/properties/0']],
    ['{name: a}', ['warning PROPERTY_WITHOUT_TYPE 4:7 /root/properties/0']],
    [
      '{name: a, type: object, additionalProperties: true}',
      ['warning ATTRIBUTE_UNKNOWN 4:31 /root/properties/0/additionalProperties'],
    ],
    ['{name: a, type: word, min_items: 1}', ['warning ATTRIBUTE_MISPLACED 4:29 /root/properties/0/min_items']],
    ['{name: a, type: word, required: yes}', ['error YAML_AMBIGUOUS 4:39 /root/properties/0/required']],
    ['{name: a, type: word, required: "true"}', ['error ATTRIBUTE_KIND 4:39 /root/properties/0/required']],
    ['{name: no, type: word}', ['error YAML_AMBIGUOUS 4:14 /root/properties/0/name']],
    ['{name: 5, type: word}', ['warning ATTRIBUTE_KIND 4:14 /root/properties/0/name']],
    ['{name: a.b, type: word}', ['warning PROPERTY_NAME_INVALID 4:14 /root/properties/0/name']],
    ['{name: a, type: ref}', ['error ATTRIBUTE_MISSING 4:7 /root/properties/0']],
    ['{name: a, type: ref, ref: ../../etc/passwd}', ['error NAME_NOT_PLAIN 4:33 /root/properties/0/ref']],
    ['{name: a, type: ../word}', ['error NAME_NOT_PLAIN 4:23 /root/properties/0/type']],
    ['{name: a, type: enum}', ['error ATTRIBUTE_MISSING 4:7 /root/properties/0']],
    ['{name: a, type: constant}', ['warning ATTRIBUTE_MISSING 4:7 /root/properties/0']],
    ['{name: a, type: array}', ['error ATTRIBUTE_MISSING 4:7 /root/properties/0']],
    [
      '{name: a, type: array, items: {type: word}, min_items: -1}',
      ['error ATTRIBUTE_KIND 4:62 /root/properties/0/min_items'],
    ],
    ['{name: a, type: simple, schema: text}', ['error ATTRIBUTE_KIND 4:39 /root/properties/0/schema']],
    [
      '{name: a, type: simple, schema: {type: string, enum: [on]}}',
      ['error YAML_AMBIGUOUS 4:61 /root/properties/0/schema/enum/0'],
    ],
    ['{name: a, type: object, properties: 5}', ['error ATTRIBUTE_KIND 4:43 /root/properties/0/properties']],
    ['word', ['error ATTRIBUTE_KIND 4:7 /root/properties/0']],
  ])('W-24, W-25, W-35: %s', (property, problems) => {
    expect(dictionary(property)).toEqual(problems)
  })

  it('W-24: says what a misspelt or misplaced attribute was probably meant to be', () => {
    const { problems } = read({
      'dictionaries/a.yaml':
        'additional_properties: true\nroot:\n  type: object\n  additionalProperties: true\n  propertys: []\n',
    })
    expect(problems.map(({ code, text, hint }) => `${code} ${code === 'ATTRIBUTE_MISPLACED' ? text : hint}`)).toEqual([
      'ATTRIBUTE_MISPLACED `additional_properties` has no effect here: it belongs inside `root`.',
      'ATTRIBUTE_UNKNOWN Did you mean `additional_properties`?',
      'ATTRIBUTE_UNKNOWN Did you mean `properties`?',
    ])
  })

  it('reads all ten kinds, with fragments in order and typed', () => {
    const { dictionaries, problems } = read({
      'dictionaries/a.yaml': `root:
  type: object
  description: All kinds
  additional_properties: {type: string}
  properties:
    - {name: o, type: object, required: true, nullable: true}
    - {name: a, type: array, items: {type: word}, min_items: 1, max_items: 2, unique_items: true}
    - {name: s, type: simple, schema: {type: number, minimum: 5.0, maximum: 7, __proto__: 1, "1": 2}}
    - {name: c, type: complex, json_type: {type: string}, bson_type: {bsonType: date}}
    - {name: e, type: enum, enums: status}
    - {name: ea, type: enum_array, enums: status}
    - {name: k, type: constant, constant: circle}
    - {name: x, type: one_of, properties: [{name: p, type: ref, ref: Circle}]}
    - {name: r, type: ref, ref: b.1.0.0.yaml}
    - {name: w, type: word}
`,
    })
    expect(problems).toEqual([])
    const root = dictionaries.get('a.yaml')?.root as Extract<Property, { kind: 'object' }>
    expect(root).toMatchObject({ kind: 'object', name: 'root', description: 'All kinds' })
    expect(root.additionalProperties).toEqual(new Doc(['type'], ['string']))
    const [o, a, s, c, e, ea, k, x, r, w] = root.properties
    expect(o).toMatchObject({
      kind: 'object',
      required: true,
      nullable: true,
      additionalProperties: false,
      properties: [],
    })
    expect(a).toMatchObject({
      kind: 'array',
      items: { kind: 'custom', name: 'items' },
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
    })
    expect(s?.kind === 'simple' && [s.schema.keys, s.schema.values]).toEqual([
      ['type', 'minimum', 'maximum', '__proto__', '1'],
      ['number', new Double(5), 7, 1, 2],
    ])
    expect(s?.kind === 'simple' && s.schemaAt.pointer).toBe('/root/properties/2/schema')
    expect(c?.kind === 'complex' && c.bsonType.get('bsonType')).toBe('date')
    expect([e, ea, k, x, r, w].map((p) => p?.kind)).toEqual([
      'enum',
      'enum_array',
      'constant',
      'one_of',
      'ref',
      'custom',
    ])
  })

  it('keeps what can be used when something beside it cannot', () => {
    const text =
      'root:\n  type: object\n  properties:\n    - {type: array, items: {type: ../x}}\n    - {name: ok, type: word}\n'
    const { dictionaries, problems, broken } = read({ 'dictionaries/a.yaml': text })
    const root = dictionaries.get('a.yaml')?.root
    expect(root?.kind === 'object' && root.properties.map(({ name }) => name)).toEqual(['ok'])
    expect(problems.map(({ code }) => code)).toEqual(['PROPERTY_NAME_MISSING', 'NAME_NOT_PLAIN'])
    expect(broken.size).toBe(0)
  })

  it.each([
    ['types/a.yaml', 'root: {type: object}', ['warning PROPERTY_NAME_MISSING 1:7 /root']],
    ['types/a.yaml', '_locked: true', ['error ATTRIBUTE_MISSING 1:1 ']],
    ['types/a.yaml', '_locked: on\nroot: {name: a, type: word}', ['error YAML_AMBIGUOUS 1:10 /_locked']],
    ['dictionaries/a.yaml', '- a\n', ['error FILE_NOT_MAPPING 1:1 ']],
    [
      'dictionaries/a.yaml',
      'root: {name: a, type: object, file_name: x}',
      ['warning ATTRIBUTE_MISPLACED 1:31 /root/file_name'],
    ],
    [
      'dictionaries/a.yaml',
      'root: {type: object, description: 2024-01-31}',
      ['error YAML_AMBIGUOUS 1:35 /root/description'],
    ],
  ])('of %s: %j', (path, text, problems) => {
    expect(found(path, text)).toEqual(problems)
  })
})

describe('configurations', () => {
  it.each([
    ['{version: 1.0}', ['error VERSION_INVALID 2:15 /versions/0/version']],
    ['{version: 1.0.0.x}', ['error VERSION_INVALID 2:15 /versions/0/version']],
    ['{version: ١.0.0}', ['error VERSION_INVALID 2:15 /versions/0/version']],
    ['{version: 1.0.99999999999999999999}', ['error VERSION_INVALID 2:15 /versions/0/version']],
    ['{version: 0.0.0}', ['error VERSION_ZERO 2:15 /versions/0/version']],
    ['{test_data: null}', ['error ATTRIBUTE_MISSING 2:5 /versions/0']],
    ['{version: 1.0.0, test_data: ../x.json}', ['error NAME_NOT_PLAIN 2:33 /versions/0/test_data']],
    [
      '{version: 1.0.0, migrations: [/etc/x.json, "a\\\\b"]}',
      ['error NAME_NOT_PLAIN 2:35 /versions/0/migrations/0', 'error NAME_NOT_PLAIN 2:48 /versions/0/migrations/1'],
    ],
    ['{version: 1.0.0, drop_indexes: [{name: x}]}', ['error ATTRIBUTE_KIND 2:37 /versions/0/drop_indexes/0']],
    ['{version: 1.0.0, add_indexes: [{key: {a: 1}}]}', ['error ATTRIBUTE_MISSING 2:36 /versions/0/add_indexes/0']],
    ['{version: 1.0.0, add_indexes: [{name: a}]}', ['error ATTRIBUTE_MISSING 2:36 /versions/0/add_indexes/0']],
    [
      '{version: 1.0.0, add_indexes: [{name: a, key: {}}]}',
      ['error ATTRIBUTE_KIND 2:51 /versions/0/add_indexes/0/key'],
    ],
    [
      '{version: 1.0.0, add_indexes: [{name: a, key: {on: 1}}]}',
      ['error YAML_AMBIGUOUS 2:52 /versions/0/add_indexes/0/key/on'],
    ],
    [
      '{version: 1.0.0, add_indexes: [{name: a, key: {a: 1}}, {name: a, key: {b: 1}}]}',
      ['error INDEX_DUPLICATE 2:60 /versions/0/add_indexes/1'],
    ],
    ['{version: 1.0.0, add_index: []}', ['warning ATTRIBUTE_UNKNOWN 2:22 /versions/0/add_index']],
    ['{version: 1.0.0, validation: {level: lax}}', ['error ATTRIBUTE_KIND 2:42 /versions/0/validation/level']],
    [
      '{version: 1.0.0, validation: {level: constraint, action: warn}}',
      ['error ATTRIBUTE_KIND 2:34 /versions/0/validation'],
    ],
    ['{version: 1.0.0, allow: [{code: BC}]}', ['error ATTRIBUTE_MISSING 2:30 /versions/0/allow/0']],
    ['{version: 1.0.0, migration: {mode: fast}}', ['error ATTRIBUTE_KIND 2:40 /versions/0/migration/mode']],
    ['1.0.0', ['error ATTRIBUTE_KIND 2:5 /versions/0']],
  ])('W-35: a version %s', (version, problems) => {
    expect(configuration(version)).toEqual(problems)
  })

  it('W-12: applies versions in numeric order, and reports duplicates and disorder', () => {
    const { configurations, problems } = read({
      'configurations/a.yaml':
        'name: legacy\nversions:\n- version: 1.10.0\n- version: 1.9.0.2\n- version: 1.9.0.02\n- version: 2.0.0\n',
    })
    expect(configurations.get('a')?.versions.map(({ number, written }) => [number, written])).toEqual([
      [[1, 9, 0, 2], '1.9.0.2'],
      [[1, 10, 0, 0], '1.10.0'],
      [[2, 0, 0, 0], '2.0.0'],
    ])
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['VERSION_ORDER', 4],
      ['VERSION_DUPLICATE', 5],
    ])
  })

  it('reads every attribute of a version, ours too', () => {
    const { configurations, problems } = read({
      'configurations/a.yaml': `title: A
versions:
- version: 1.0.0.1
  drop_indexes: [old]
  add_indexes: [{name: i, key: {b: -1, a: text}, options: {unique: true, expireAfterSeconds: 5}}]
  migrations: [m.json]
  migration: {mode: update}
  test_data: t.json
  validation: {level: off, action: errorAndLog}
  allow: [{code: BC, path: /a, reason: agreed}]
  down: [d.json]
  _locked: true
`,
    })
    expect(problems).toEqual([])
    const version = configurations.get('a')?.versions[0]
    expect(version).toMatchObject({
      number: [1, 0, 0, 1],
      dropIndexes: [{ name: 'old' }],
      migrations: [{ file: 'm.json' }],
      migrationMode: 'update',
      testData: { file: 't.json' },
      validation: { level: 'off', action: 'errorAndLog' },
      allow: [{ code: 'BC', path: '/a', reason: 'agreed' }],
      down: [{ file: 'd.json' }],
      locked: true,
    })
    expect(version?.addIndexes[0]?.key).toEqual(new Doc(['b', 'a'], [-1, 'text']))
    expect(version?.addIndexes[0]?.options).toEqual(new Doc(['unique', 'expireAfterSeconds'], [true, 5]))
    expect(version?.at.pointer).toBe('/versions/0')
  })

  it.each([
    ['configurations/a$b.yaml', 'error COLLECTION_NAME_INVALID 1:1 '],
    ['configurations/system.x.yaml', 'error COLLECTION_NAME_INVALID 1:1 '],
  ])('refuses the collection of %s', (path, problem) => {
    expect(found(path, 'versions: []')).toEqual([problem])
  })

  it('reports a figure in a title as a warning', () => {
    expect(found('configurations/a.yaml', 'title: 12:30')).toEqual(['warning YAML_AMBIGUOUS 1:8 /title'])
  })
})

describe('two files for one thing', () => {
  it.each([
    [['configurations/a.yaml', 'configurations/a.yml'], 'versions: []', 'configurations/a.yml'],
    [['configurations/a.x.yaml', 'configurations/a.yaml'], 'versions: []', 'configurations/a.yaml'],
    [['types/a.yaml', 'types/a.json'], '{"root": {"name": "a", "type": "word"}}', 'types/a.yaml'],
    [['dictionaries/a.1.0.0.yaml', 'dictionaries/a.1.0.0.yml'], 'root: {type: object}', 'dictionaries/a.1.0.0.yml'],
  ])('%s: the first is used, the second is an error', (paths, text, second) => {
    const { problems } = read(Object.fromEntries(paths.map((path) => [path, text])))
    expect(problems.map(({ code, file }) => [code, file])).toEqual([['DUPLICATE_FILE', second]])
  })
})

describe('enumerators', () => {
  it.each([
    ['version: "1"', ['error ENUMERATORS_VERSION 1:10 /version']],
    ['version: 012', ['error YAML_AMBIGUOUS 1:10 /version']],
    ['_locked: true', ['warning ENUMERATORS_VERSION 1:1 ']],
    ['version: 1\nenumerators: [{values: []}]', ['error ATTRIBUTE_MISSING 2:15 /enumerators/0']],
    [
      'version: 1\nenumerators: [{name: a, values: [{value: 5}]}]',
      ['error ENUM_VALUE_NOT_TEXT 2:42 /enumerators/0/values/0/value'],
    ],
    [
      'version: 1\nenumerators: [{name: a, values: [{value: no}]}]',
      ['error YAML_AMBIGUOUS 2:42 /enumerators/0/values/0/value'],
    ],
    [
      'version: 1\nenumerators: [{name: a, values: [{value: x, description: no}]}]',
      ['warning YAML_AMBIGUOUS 2:58 /enumerators/0/values/0/description'],
    ],
    [
      'version: 1\nenumerators: [{name: a, values: [{value: x}, {value: x}]}, {name: a}]',
      ['warning ENUMERATOR_DUPLICATE 2:46 /enumerators/0/values/1', 'warning ENUMERATOR_DUPLICATE 2:60 /enumerators/1'],
    ],
    ['version: 1\nenumerators: [{name: a, values: [x]}]', ['error ATTRIBUTE_KIND 2:34 /enumerators/0/values/0']],
  ])('W-20, W-28: %j', (text, problems) => {
    expect(found('enumerators/enumerations.1.yaml', text)).toEqual(problems)
  })

  it('W-20: of two files with one version the first by name is used, with an error at the second', () => {
    const { enumerators, problems } = read({ 'enumerators/b.yaml': 'version: 1', 'enumerators/a.yaml': 'version: 1' })
    expect(enumerators.get(1)?.at.file.name).toBe('a.yaml')
    expect(problems.map(({ code, file }) => [code, file])).toEqual([
      ['ENUMERATORS_DUPLICATE_VERSION', 'enumerators/b.yaml'],
    ])
  })

  it('keeps the declared order, and the whole file for the database', () => {
    const { enumerators } = read({
      'enumerators/e.yaml':
        'note: kept\nversion: 2\nfile_name: other.yaml\nenumerators:\n- name: s\n  values:\n  - {value: b, deprecated: true}\n  - {value: a, description: A}\n',
    })
    const content = enumerators.get(2)
    expect(content?.enumerators[0]?.values).toEqual([
      { value: 'b', description: '', deprecated: true },
      { value: 'a', description: 'A', deprecated: false },
    ])
    expect(content?.document.keys).toEqual(['note', 'version', 'file_name', 'enumerators', '_locked'])
    expect(content?.document.get('file_name')).toBe('e.yaml')
  })

  it('takes no list of enumerators as an empty one', () => {
    const { enumerators, problems } = read({ 'enumerators/e.yaml': 'version: 0\nenumerators:\n' })
    expect(problems).toEqual([])
    expect(enumerators.get(0)?.document.get('enumerators')).toEqual([])
  })
})

describe('test data and migrations', () => {
  it.each([
    ['test_data/a.json', '{"a": 1}', ['error DATA_NOT_ARRAY 1:1 ']],
    ['test_data/a.json', '[{"a": 1}, 5]', ['error DATA_ITEM_INVALID 1:12 /1']],
    ['test_data/a.json', '[{"a": 1,\n "a": 2}]', ['warning JSON_DUPLICATE_KEY 2:2 ']],
    ['test_data/a.json', '[{"a": 1},\n ]', ['error JSON_SYNTAX 2:2 ']],
    ['test_data/a.yaml', '[]', ['error DATA_NOT_JSON_FILE 1:1 ']],
    ['migrations/a.json', '[{"$set": {}, "$unset": "a"}]', ['error DATA_ITEM_INVALID 1:2 /0']],
    ['migrations/a.json', '["$out"]', ['error DATA_ITEM_INVALID 1:2 /0']],
  ])('%s: %j', (path, text, problems) => {
    expect(found(path, text)).toEqual(problems)
  })

  it('keep types, order and literals, and know where each value stands', () => {
    const { testData, problems } = read({
      'test_data/a.json': '[\n  {"n": 5.0, "2": 1, "1": {"$date": "2024-01-01T00:00:00"}}\n]',
    })
    expect(problems).toEqual([])
    const data = testData.get('a.json')
    expect(data?.items).toEqual([new Doc(['n', '2', '1'], [new Double(5), 1, new Date('2024-01-01T00:00:00Z')])])
    expect(data?.locate([0, '2'])).toEqual({ file: 'test_data/a.json', pointer: '/0/2', line: 2, column: 19 })
    expect(data?.locate([0, 'gone'])).toEqual({ file: 'test_data/a.json', pointer: '/0/gone', line: 2, column: 3 })
  })
})

describe('a whole repository', () => {
  it('W-35, W-43: tells files that are broken from files that are missing, and orders all problems', () => {
    const unread = { code: 'FILE_TOO_LARGE', severity: 'error', file: 'test_data/big.json', text: 'x' } as const
    const file = (path: string, text: string): RawFile => {
      const [folder, name] = path.split('/') as [FolderKind, string]
      return { folder, name, path, text, hash: '' }
    }
    const repository = readRepository({
      files: [file('types/b.yaml', 'a: ['), file('configurations/b.yaml', ''), file('migrations/m.json', '{}')],
      problems: [unread],
    })
    expect([...repository.broken].sort()).toEqual([
      'configurations/b.yaml',
      'migrations/m.json',
      'test_data/big.json',
      'types/b.yaml',
    ])
    expect(repository.problems.map(({ file: path }) => path)).toEqual([
      'configurations/b.yaml',
      'migrations/m.json',
      'test_data/big.json',
      'types/b.yaml',
    ])
  })

  it('W-21: gives the same result whatever the order of the files', () => {
    const contents = {
      'types/b.yaml': 'x: 1',
      'types/a.yaml': 'y: 1',
      'configurations/c.yaml': 'z: 1',
      'configurations/a.yaml': '- 1',
    }
    const reversed = Object.fromEntries(Object.entries(contents).reverse())
    expect(read(contents).problems).toEqual(read(reversed).problems)
  })
})
