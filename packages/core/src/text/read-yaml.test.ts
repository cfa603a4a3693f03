import * as yaml from 'js-yaml'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Doc, Double, type Value } from '@stage0/bson-schema'
import { MAX_YAML_LENGTH, readYaml } from './read-yaml.ts'
import { yamlValue } from './yaml-value.ts'
import type { YamlNode } from './yaml-node.ts'

const plain = (value: Value): unknown => {
  if (value instanceof Doc) return new Map([...value.entries()].map(([key, inner]) => [key, plain(inner)]))
  if (value instanceof Double) return value.value
  if (typeof value === 'bigint') return Number(value)
  return Array.isArray(value) ? value.map(plain) : value
}

function valueOf(text: string): unknown {
  const { root, issues } = readYaml(text)
  expect(issues).toEqual([])
  return root && plain(yamlValue(root, () => undefined))
}

const issuesOf = (text: string): unknown[] =>
  readYaml(text).issues.map(({ code, severity, start, end }) => [code, severity, text.slice(start, end)])

describe('a YAML document', () => {
  it('keeps the order of keys, integer-like ones and `__proto__` too', () => {
    const value = valueOf('b: 1\n2: x\n__proto__: {z: 1}\n1: y\na: 2\n') as Map<string, unknown>
    expect([...value.keys()]).toEqual(['b', '2', '__proto__', '1', 'a'])
  })

  it('knows where every kind of node stands', () => {
    const text = 'a: "x"\nb: |\n  y\nc:\nd: {e: [1, two]}\n'
    const root = readYaml(text).root
    const at = (node: YamlNode | undefined): string | undefined => node && text.slice(node.start, node.end)
    expect(root?.kind === 'map' && ['a', 'b', 'c', 'd'].map((key) => at(root.get(key)))).toEqual([
      '"x"',
      '|\n  y\n',
      '',
      '{e: [1, two',
    ])
  })

  it('resolves aliases and merge keys: explicit keys win, in the place of the merged', () => {
    const value = valueOf('base: &b {x: 1, y: 2}\nuse:\n  a: 0\n  <<: *b\n  y: 3\nlist: [*b]\n') as Map<string, unknown>
    expect([...(value.get('use') as Map<string, unknown>)]).toEqual([
      ['a', 0],
      ['x', 1],
      ['y', 3],
    ])
    expect(value.get('list')).toEqual([value.get('base')])
  })

  it.each([
    ['a: 1\na: 2\n', [['YAML_DUPLICATE_KEY', 'warning', 'a']]],
    ['a: [1\n', [['YAML_SYNTAX', 'error', '']]],
    ['', [['YAML_EMPTY', 'error', '']]],
    ['# nothing\n', [['YAML_EMPTY', 'error', '']]],
    ['null\n', [['YAML_EMPTY', 'error', '']]],
    ['a: 1\n---\nb: 2\n', [['YAML_SEVERAL_DOCUMENTS', 'error', '']]],
    ['a: !!str 5\n', [['YAML_TAG', 'error', '!!str']]],
    ['a: *b\n', [['YAML_ALIAS', 'error', '*b']]],
    ['a: &a [*a]\n', [['YAML_ALIAS', 'error', '*a']]],
    ['a: {<<: 5}\n', [['YAML_ALIAS', 'error', '5']]],
    ['? [x]\n: 1\n', [['YAML_KEY', 'error', '[x']]],
    ['a: \0\n', [['YAML_SYNTAX', 'error', '']]],
    [`${'['.repeat(300)}${']'.repeat(300)}`, [['YAML_TOO_DEEP', 'error', '']]],
  ])('reports %j', (text, issues) => {
    expect(issuesOf(text)).toEqual(issues)
  })

  it('lets the last of duplicate keys win in the place of the first, in small and in large mappings', () => {
    for (const size of [3, 40]) {
      const keys = Array.from({ length: size }, (_, i) => `k${i}: ${i}`)
      const { root } = readYaml([...keys, 'k1: last'].join('\n'))
      const value = plain(yamlValue(root!, () => undefined)) as Map<string, unknown>
      expect([...value].slice(0, 2)).toEqual([
        ['k0', 0],
        ['k1', 'last'],
      ])
      expect(value.size).toBe(size)
    }
  })

  it('W-55: stops at an alias bomb, wide or deep', () => {
    const wide = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 10; i++)
      wide.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    const deep = ['a0: &a0 [x]']
    for (let i = 1; i < 300; i++) deep.push(`a${i}: &a${i} [*a${i - 1}]`)
    for (const lines of [wide, deep]) {
      const { root, issues } = readYaml(lines.join('\n'))
      expect(root).toBeUndefined()
      expect(issues.map(({ code }) => code)).toEqual(['YAML_EXPANSION'])
    }
  })
})

describe('any text', () => {
  const yamlish = fc
    .array(
      fc.constantFrom(
        'a',
        ': ',
        '- ',
        '\n',
        '  ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '&x ',
        '*x',
        '"',
        "'",
        '|',
        '>',
        '#',
        '? ',
        '!t ',
        '---',
        '<<',
        '\t',
        '%',
        '\\',
        '1',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''))

  it('is read without a throw, with every issue inside the text', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string({ maxLength: 60, unit: 'binary' })), (text) => {
        const { root, issues } = readYaml(text)
        expect(root !== undefined || issues.length > 0).toBe(true)
        for (const { start, end } of issues) expect(0 <= start && start <= end && end <= text.length).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('has positions that point at the text: a plain or quoted scalar read alone is the same scalar', () => {
    const check = (text: string, node: YamlNode): void => {
      expect(node.start <= node.end).toBe(true)
      if (node.kind === 'list') for (const item of node.items) check(text, item)
      else if (node.kind === 'map')
        for (const { key, value } of node.entries) [key, value].forEach((n) => check(text, n))
      else if (node.text !== '') {
        const alone = readYaml(text.slice(node.start, node.end)).root
        if (alone !== undefined && !/[\n|>]/.test(text.slice(node.start, node.end)))
          expect(alone).toMatchObject({ text: node.text })
      }
    }
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (json) => {
        const text = yaml.dump({ json })
        const { root } = readYaml(text)
        if (root !== undefined) check(text, root)
      }),
    )
  })

  it('reads what js-yaml writes as js-yaml reads it', () => {
    const options = { schema: yaml.CORE_SCHEMA.withTags(yaml.realMapTag) }
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1, noNullPrototype: true }),
        (json) => {
          const text = yaml.dump(json, { lineWidth: 40 })
          expect(valueOf(text)).toEqual(yaml.load(text, options))
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('a text that is refused', () => {
  it.each([
    ['root:\n\tname: a\n', 'YAML_SYNTAX', 'Indent with spaces.'],
    ['r\0o\0o\0t\0', 'YAML_SYNTAX', 'Save the file as UTF-8'],
    ['a: "\u001b"', 'YAML_SYNTAX', 'write it as an escape'],
    ['a: [', 'YAML_SYNTAX', 'Look at this line'],
  ])('%j says what to do', (text, code, hint) => {
    expect(readYaml(text).issues).toEqual([expect.objectContaining({ code, hint: expect.stringContaining(hint) })])
  })

  it('is longer than any schema can be', () => {
    const text = `# ${'x'.repeat(MAX_YAML_LENGTH)}`
    expect(readYaml(text)).toEqual({
      root: undefined,
      issues: [expect.objectContaining({ code: 'FILE_TOO_LARGE', start: 0 })],
    })
  })
})
