import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE } from '../testing/nodes.ts'
import { schemaTree } from '../tree/schema-tree.ts'
import { schemaFileName } from './file-name.ts'
import { jsonPointer, jsonRanges } from './json-ranges.ts'
import { nodeLines } from './node-lines.ts'

/** Every value of a JSON value with its path. */
function* valuesOf(value: unknown, path: (string | number)[] = []): Generator<[(string | number)[], unknown]> {
  yield [path, value]
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* valuesOf(item, [...path, i])
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* valuesOf(item, [...path, key])
  }
}

describe('the lines of a JSON text', () => {
  it('of every value, keys included, hold exactly that value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value, null, 2)
        const lines = text.split('\n')
        const ranges = jsonRanges(text)
        for (const [path, part] of valuesOf(JSON.parse(text))) {
          const range = ranges.get(jsonPointer(path))!
          const cut = lines
            .slice(range.from - 1, range.to)
            .join('\n')
            .trim()
            .replace(/,$/, '')
          const key = path.at(-1)
          const inner = typeof key === 'string' ? cut.slice(JSON.stringify(key).length + 1) : cut
          expect(JSON.parse(inner)).toEqual(part)
        }
      }),
    )
  })

  it('never fail on a text that is no JSON', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: fc.constantFrom(...'{}[]",:1\\\n t') }), (a, b) => {
        expect(jsonRanges(a + b).size).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('are found in a text that is nested more deeply than a stack allows', () => {
    const deep = 100_000
    expect(jsonRanges('['.repeat(deep) + ']'.repeat(deep), new Set(['/0/0'])).get('/0/0')).toEqual({ from: 1, to: 1 })
  })

  it('are kept for the wanted values only', () => {
    expect([...jsonRanges('{\n"a": [1,\n2]}', new Set(['/a/1']))]).toEqual([['/a/1', { from: 3, to: 3 }]])
  })

  it.each([
    { text: '\ufeff{"a":\n1}', pointer: '/a', from: 1, to: 2 },
    { text: '{"a/b": {"~": true,\n"": null}}', pointer: '/a~1b/', from: 2, to: 2 },
    { text: '{"\\u0061": 1e5,\n"b": false}', pointer: '/a', from: 1, to: 1 },
    { text: '{"a": 1,\r\n"a": 2}', pointer: '/a', from: 2, to: 2 },
  ])('$pointer of $text is at $from to $to', ({ text, pointer, from, to }) => {
    expect(jsonRanges(text).get(pointer)).toEqual({ from, to })
  })
})

describe('nodes and lines', () => {
  const text = JSON.stringify(
    {
      bsonType: 'object',
      properties: {
        _id: { bsonType: 'objectId' },
        address: { bsonType: 'object', properties: { city: { bsonType: 'string' } } },
        status: { enum: ['active', 'old'] },
      },
    },
    null,
    2,
  )
  const tree = schemaTree(SAMPLE)
  const lines = nodeLines(tree, jsonRanges(text), 'bson')

  it('select each other both ways', () => {
    for (const path of ['', '/_id', '/address', '/address/city', '/status']) {
      const position = tree.positions.get(path)!
      expect(lines.nodeAt(lines.rangeOf(position)!.from)).toBe(position)
    }
  })

  it('a line belongs to the innermost node around it', () => {
    const city = tree.positions.get('/address/city')!
    const { from, to } = lines.rangeOf(city)!
    expect(lines.nodeAt(to)).toBe(city)
    expect(lines.nodeAt(to + 1)).toBe(tree.positions.get('/address'))
    expect(lines.nodeAt(from - 1)).toBe(tree.positions.get('/address'))
  })

  it('know nothing of a node that has no pointer, nor of a line behind the end', () => {
    expect(lines.rangeOf(tree.positions.get('/tags/[]')!)).toBeUndefined()
    expect(lines.nodeAt(10_000)).toBeUndefined()
  })
})

it.each([
  { owner: { name: 'user', version: '1.1.0.2' }, format: 'bson', name: 'user.1.1.0.2.bson_schema.json' },
  { owner: { name: 'user', version: '1.0.0.1' }, format: 'json', name: 'user.1.0.0.1.json_schema.json' },
  { owner: { name: 'address' }, format: 'json', name: 'address.json_schema.json' },
] as const)('C-16 the downloaded file $name carries the version that was asked for', ({ owner, format, name }) => {
  expect(schemaFileName(owner, format)).toBe(name)
})
