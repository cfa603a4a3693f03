import { describe, expect, it } from 'vitest'
import { readRepository } from '../model/repository.ts'
import { repositoryOf, thingWith } from '../render/testing/files.ts'
import { enumerations } from './enumerations.ts'
import { buildGraph } from './graph.ts'
import { dictionary, enumeratorsFile, inspected } from './testing/samples.ts'
import { countUsages, usagesOf, type UsedKind } from './usages.ts'

const TEXTS = {
  ...thingWith(
    [
      '{name: home, type: ref, ref: address}',
      '{name: tags, type: array, items: {type: word}}',
      '{name: pick, type: one_of, properties: [{name: w, type: word}, {name: s, type: enum, enums: state}]}',
      '{name: odd, type: nothing}',
      '{name: none}',
    ],
    {
      'dictionaries/address.yaml': dictionary(
        '{name: state, type: enum, enums: state}',
        '{name: more, type: enum, enums: missing}',
      ),
      'dictionaries/alone.yaml': dictionary('{name: state, type: enum, enums: state}'),
      'types/broken.yaml': '[',
      'configurations/broken.yaml': '[',
      'configurations/thing.yaml':
        'versions:\n  - version: 1.0.0.0\n    migrations: [m.json]\n    test_data: gone.json\n  - version: 1.0.0.2\n  - version: 1.0.0.7\n',
      'migrations/m.json': '[{"$out": "thing"}]',
      'enumerators/enumerations.0.yaml': enumeratorsFile(0, { state: ['a', 'b', 'a'], zone: ['z'] }),
      'enumerators/two.yaml': `_locked: true\n${enumeratorsFile(2, { state: ['a'] })}`,
    },
  ),
}
const repository = repositoryOf(TEXTS)
const texts = (kind: UsedKind, name: string) =>
  usagesOf(repository, kind, name).map(({ place, text }) => `${place.file} ${text}`)

describe('who uses what', () => {
  it.each<[UsedKind, string, string[]]>([
    [
      'types',
      'word.yaml',
      ['dictionaries/thing.1.0.0.yaml property /tags/[]', 'dictionaries/thing.1.0.0.yaml property /pick/<1>'],
    ],
    ['types', 'nothing.yaml', ['dictionaries/thing.1.0.0.yaml property /odd']],
    ['types', 'void.yaml', []],
    ['dictionaries', 'address.yaml', ['dictionaries/thing.1.0.0.yaml property /home']],
    [
      'dictionaries',
      'thing.1.0.0.yaml',
      ['1.0.0.0', '1.0.0.2', '1.0.0.7'].map((one) => `configurations/thing.yaml version ${one}`),
    ],
    ['enumerators', 'two.yaml', ['configurations/thing.yaml version 1.0.0.2']],
    ['migrations', 'm.json', ['configurations/thing.yaml version 1.0.0.0']],
    ['test_data', 'gone.json', ['configurations/thing.yaml version 1.0.0.0']],
    ['configurations', 'thing.yaml', []],
    [
      'enumerator',
      'state',
      [
        'dictionaries/address.yaml property /state',
        'dictionaries/alone.yaml property /state',
        'dictionaries/thing.1.0.0.yaml property /pick/<2>',
      ],
    ],
  ])('tells the uses of %s %s, counted alike', (kind, name, expected) => {
    expect(texts(kind, name)).toEqual(expected)
    expect(countUsages(repository, kind, name)).toBe(expected.length)
  })

  it('names place, collection and version of each', () => {
    expect(usagesOf(repository, 'migrations', 'm.json')).toEqual([
      {
        how: 'migration',
        used: 'migrations/m.json',
        place: { file: 'configurations/thing.yaml', pointer: '/versions/0/migrations/0', line: 3, column: 18 },
        text: 'version 1.0.0.0',
        collection: 'thing',
        version: '1.0.0.0',
      },
    ])
  })

  it('tells what a version uses, through its dictionary too, each thing once', () => {
    const { uses } = inspected(TEXTS, '1.0.0.0')
    expect(uses.map(({ how, used }) => `${how} ${used}`)).toEqual([
      'dictionary dictionaries/thing.1.0.0.yaml',
      'enumerators enumerators/enumerations.0.yaml',
      'test_data test_data/gone.json',
      'migration migrations/m.json',
      'type types/identifier.yaml',
      'ref dictionaries/address.yaml',
      'type types/word.yaml',
      'enumerator state',
      'type types/nothing.yaml',
      'enumerator missing',
    ])
  })
})

describe('the graph of a repository', () => {
  const { nodes, edges } = buildGraph(repository)
  const shown = edges.map(({ from, to, how }) => `${from} -${how}-> ${to}`)

  it('has a node for everything that is there, that is broken, and that is missing', () => {
    expect(nodes.map(({ id, broken }) => `${id}${broken ? ' broken' : ''}`)).toEqual([
      'collection:broken broken',
      'collection:thing',
      'dictionaries/address.yaml',
      'dictionaries/alone.yaml',
      'dictionaries/thing.1.0.0.yaml',
      'enumerator:missing@0 broken',
      'enumerator:missing@2 broken',
      'enumerator:missing@7 broken',
      'enumerator:state@0',
      'enumerator:state@2',
      'enumerator:state@7 broken',
      'enumerator:zone@0',
      'enumerators/(version 7) broken',
      'enumerators/enumerations.0.yaml',
      'enumerators/two.yaml',
      'migrations/m.json',
      'test_data/gone.json broken',
      'types/broken.yaml broken',
      'types/identifier.yaml',
      'types/nothing.yaml broken',
      'types/word.yaml',
    ])
    expect(nodes.find(({ id }) => id === 'enumerator:state@2')).toEqual({
      id: 'enumerator:state@2',
      kind: 'enumerator',
      name: 'state',
      file: 'enumerators/two.yaml',
      broken: false,
    })
  })

  it('joins users with what they use, once each, and enumerators with the versions they are used in', () => {
    expect(shown).toContain('collection:thing -dictionary-> dictionaries/thing.1.0.0.yaml')
    expect(shown).toContain('dictionaries/thing.1.0.0.yaml -ref-> dictionaries/address.yaml')
    expect(shown.filter((one) => one.includes('types/word.yaml'))).toEqual([
      'dictionaries/thing.1.0.0.yaml -type-> types/word.yaml',
    ])
    expect(shown.filter((one) => one.startsWith('dictionaries/address.yaml') && one.includes('state'))).toEqual(
      [0, 2, 7].map((version) => `dictionaries/address.yaml -enumerator-> enumerator:state@${version}`),
    )
    expect(shown).toContain('dictionaries/alone.yaml -enumerator-> enumerator:state@2')
    expect(new Set(shown).size).toBe(shown.length)
  })

  it('finds broken files in folders that have other names', () => {
    const files = [
      {
        folder: 'types' as const,
        name: 'a.yaml',
        path: 'my types/a.yaml',
        text: 'root: {name: a, type: constant, constant: x}\n',
        hash: '',
      },
      { folder: 'types' as const, name: 'b.yaml', path: 'my types/b.yaml', text: '[', hash: '' },
    ]
    const graph = buildGraph(readRepository({ files, problems: [] }))
    expect(graph.nodes).toEqual([
      { id: 'types/a.yaml', kind: 'types', name: 'a.yaml', file: 'my types/a.yaml', broken: false },
      { id: 'types/b.yaml', kind: 'types', name: 'b.yaml', file: 'my types/b.yaml', broken: true },
    ])
  })
})

describe('the enumerations of a repository', () => {
  it('are listed by name, with the values of each version once, oldest version first', () => {
    const value = (name: string) => ({ value: name, description: `About ${name}`, deprecated: false })
    expect(enumerations(repository)).toEqual([
      {
        name: 'state',
        versions: [
          { version: 0, file: 'enumerators/enumerations.0.yaml', locked: false, values: [value('a'), value('b')] },
          { version: 2, file: 'enumerators/two.yaml', locked: true, values: [value('a')] },
        ],
        used_by: 3,
      },
      {
        name: 'zone',
        versions: [{ version: 0, file: 'enumerators/enumerations.0.yaml', locked: false, values: [value('z')] }],
        used_by: 0,
      },
    ])
  })
})
