import { compileSchema, doc, readExtendedJson, isDoc, type Doc, type Plain, type Value } from '@stage0/bson-schema'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rulesOf } from './rules.ts'
import { FailureTally } from './tally.ts'

const matcher = (schema: Doc): ((document: Doc) => boolean) => {
  const compiled = compileSchema(schema)
  if (!compiled.ok) throw new Error(compiled.error[0]?.message)
  return compiled.value.matches
}
const names = (schema: { readonly [key: string]: Plain }): string[] =>
  rulesOf(doc(schema)).map(({ path, keyword }) => `${path} ${keyword}`)

describe('the rules of a schema', () => {
  it('are named by path and keyword, also inside of arrays and open objects', () => {
    const schema = {
      bsonType: 'object',
      required: ['name', 'tags'],
      additionalProperties: { bsonType: 'int', minimum: 0, exclusiveMinimum: true },
      patternProperties: { '^x-': { maxLength: 5 } },
      properties: {
        name: { bsonType: 'string', pattern: '^[a-z]' },
        tags: { bsonType: 'array', minItems: 1, items: { enum: ['a', 'b'] } },
        pair: { items: [{ bsonType: 'int' }, { bsonType: 'string' }], additionalItems: false },
        address: {
          bsonType: 'object',
          required: ['city'],
          properties: { city: { minLength: 1 } },
          additionalProperties: false,
        },
        either: { oneOf: [{ bsonType: 'int' }, { bsonType: 'string' }] },
      },
    }
    expect(names(schema)).toEqual([
      'name pattern',
      'name bsonType',
      'tags minItems',
      'tags[] enum',
      'tags bsonType',
      'pair[0] bsonType',
      'pair[1] bsonType',
      'pair additionalItems',
      'address.city minLength',
      'address additionalProperties',
      'address.city required',
      'address bsonType',
      'either oneOf',
      '/^x-/ maxLength',
      '* minimum',
      '* bsonType',
      'name required',
      'tags required',
      ' bsonType',
    ])
  })

  it('leave out keywords that mean nothing: of another type than the one stated, and for values at the top', () => {
    expect(names({ bsonType: 'object', minimum: 5, properties: { a: { bsonType: 'string', minimum: 5 } } })).toEqual([
      'a bsonType',
      ' bsonType',
    ])
  })

  it('say what they expect in a bounded length', () => {
    const [rule] = rulesOf(doc({ properties: { a: { enum: ['x'.repeat(1000)] } } }))
    expect(rule?.expected.length).toBeLessThan(200)
  })
})

const value = fc.oneof(
  fc.constantFrom<Value>(null, true, 0, 1, -1, 7, 0.5, 'a', 'b', 'abc', ''),
  fc.array(fc.constantFrom<Value>(1, 'a', null), { maxLength: 3 }),
  fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(1, 'a', null), { maxKeys: 3, noNullPrototype: true })
    .map((one) => doc(one)),
)
const document: fc.Arbitrary<Doc> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'x'), value, { maxKeys: 4, noNullPrototype: true })
  .map((one) => doc(one as { readonly [key: string]: Plain }))

const leaf = fc.constantFrom<{ readonly [key: string]: Plain }>(
  { bsonType: 'int' },
  { bsonType: ['string', 'null'] },
  { bsonType: 'string', minimum: 3 },
  { minimum: 0, exclusiveMinimum: true },
  { maximum: 5 },
  { multipleOf: 2 },
  { pattern: '^a' },
  { minLength: 2, maxLength: 2 },
  { enum: ['a', 1, null] },
  { not: { bsonType: 'string' } },
  { minItems: 1, uniqueItems: true },
  { oneOf: [{ bsonType: 'int' }, { minimum: 1 }] },
  { anyOf: [{ bsonType: 'array' }, { bsonType: 'object' }] },
  { allOf: [{ bsonType: 'int' }, { minimum: 1 }] },
  {},
)
const { schema } = fc.letrec<{ schema: { readonly [key: string]: Plain } }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record(
      {
        properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 3, noNullPrototype: true }),
        required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'x'), tie('schema'), {
          maxKeys: 1,
          noNullPrototype: true,
        }),
        items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
        additionalItems: fc.oneof(fc.boolean(), tie('schema')),
        dependencies: fc.constantFrom({ a: ['b'] }),
        minProperties: fc.constantFrom(1, 2),
        bsonType: fc.constantFrom('object', 'array', 'int'),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  ),
}))
const topSchema = schema.map((one) => doc(one))

describe('any schema', () => {
  it('is satisfied exactly by the documents that satisfy each of its rules', () => {
    fc.assert(
      fc.property(topSchema, document, (whole, one) => {
        const rules = rulesOf(whole).map((rule) => matcher(rule.schema))
        expect(rules.every((matches) => matches(one))).toBe(matcher(whole)(one))
      }),
      { numRuns: 2000 },
    )
  })

  it('gives counts per rule that sum up to no less than the failing documents, each with an explanation', () => {
    fc.assert(
      fc.property(topSchema, fc.array(document, { maxLength: 20 }), (whole, documents) => {
        const failing = documents.filter((one) => !matcher(whole)(one))
        const tally = new FailureTally(whole, 20)
        for (const one of failing) tally.add(one)
        const sum = tally.rules().reduce((total, rule) => total + rule.documents, 0)
        expect(tally.documents).toBe(failing.length)
        expect(sum).toBeGreaterThanOrEqual(failing.length)
        expect(tally.unexplained).toBe(0)
        expect(tally.samples()).toHaveLength(failing.length)
        for (const sample of tally.samples()) expect(sample.violations.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a tally', () => {
  const strict = doc({ properties: { a: { bsonType: 'int' }, b: { bsonType: 'int' } } })
  const text = (json: string): Doc => {
    const read = readExtendedJson(json)
    if (!read.ok || !isDoc(read.value)) throw new Error(json)
    return read.value
  }

  it('keeps samples of rare rules, however many documents break a frequent one', () => {
    const tally = new FailureTally(strict, 4)
    for (let i = 0; i < 50; i++) tally.add(text(`{"_id": ${i}, "a": "x"}`))
    tally.add(text('{"_id": 50, "b": "x"}'))
    expect(tally.samples().map(({ id }) => id)).toEqual(['0', '1', '2', '50'])
    expect(tally.rules()).toEqual([
      { path: 'a', keyword: 'bsonType', expected: '"int"', documents: 50 },
      { path: 'b', keyword: 'bsonType', expected: '"int"', documents: 1 },
    ])
  })

  it('counts a document once in a group, whichever of its rules it breaks', () => {
    const tally = new FailureTally(strict, 4, [() => true, ({ path }) => path === 'b', () => false])
    tally.add(text('{"a": "x", "b": "x"}'))
    tally.add(text('{"a": "x"}'))
    expect([tally.group(0), tally.group(1), tally.group(2)]).toEqual([2, 1, 0])
  })

  it('shows values with their BSON types, in bounded lengths', () => {
    const tally = new FailureTally(doc({ properties: { a: { minimum: 10 }, b: { bsonType: 'int' } } }), 4)
    tally.add(
      text(`{"_id": {"$oid": "64b7f0c2a1b2c3d4e5f60718"}, "a": {"$numberLong": "5"}, "b": "${'y'.repeat(1000)}"}`),
    )
    const [sample] = tally.samples()
    expect(sample?.id).toBe('{"$oid":"64b7f0c2a1b2c3d4e5f60718"}')
    expect(sample?.violations[0]).toMatchObject({
      path: 'a',
      rule: 'minimum',
      expected: '10',
      actual: '{"$numberLong":"5"} (long)',
    })
    expect(sample?.violations[1]?.actual).toMatch(/^"y{159} \.\.\. \(string\)$/)
  })
})
