import { compileSchema, doc, Doc, isDoc, relaxedJson, readExtendedJson, typeName } from '@stage0/bson-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_TYPES, sampleOf } from './sample-values.ts'
import { sampleText } from './sample-text.ts'
import { skeletonOf } from './skeleton.ts'

function schemaOf(text: string): Doc {
  const read = readExtendedJson(text)
  if (!read.ok || !isDoc(read.value)) throw new Error('no schema')
  return read.value
}

function accepts(schema: Doc): boolean {
  const compiled = compileSchema(schema)
  if (!compiled.ok) throw new Error(compiled.error.map(({ message }) => message).join())
  const sample = skeletonOf(schema)
  return isDoc(sample) && compiled.value.matches(sample)
}

describe('the example document', () => {
  it.each([
    {
      text: 'an object with everything',
      schema:
        '{"properties": {"a": {"bsonType": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 40}, "b": {"bsonType": "object", "required": ["x"], "properties": {"x": {"bsonType": "int", "minimum": 5}}}}, "required": ["a", "b", "c"]}',
    },
    {
      text: 'a nullable enumeration',
      schema: '{"properties": {"a": {"bsonType": ["string", "null"], "enum": ["x", null]}}}',
    },
    {
      text: 'a choice',
      schema: '{"properties": {"a": {"oneOf": [{"bsonType": "int", "minimum": 3}, {"bsonType": "string"}]}}}',
    },
    {
      text: 'a nullable choice',
      schema: '{"properties": {"a": {"anyOf": [{"oneOf": [{"bsonType": "date"}]}, {"bsonType": "null"}]}}}',
    },
    { text: 'all of several', schema: '{"properties": {"a": {"allOf": [{"bsonType": "string"}, {"minLength": 9}]}}}' },
    {
      text: 'items with a least number',
      schema:
        '{"properties": {"a": {"bsonType": "array", "minItems": 2, "items": {"bsonType": "decimal", "minimum": 2}}}}',
    },
    {
      text: 'no items at all',
      schema: '{"properties": {"a": {"bsonType": "array", "maxItems": 0, "items": {"bsonType": "int"}}}}',
    },
    {
      text: 'a number above an excluded bound',
      schema: '{"properties": {"a": {"bsonType": "double", "minimum": 2, "exclusiveMinimum": true}}}',
    },
    {
      text: 'a multiple below 0',
      schema: '{"properties": {"a": {"bsonType": "long", "maximum": -1, "multipleOf": 7}}}',
    },
    {
      text: 'a small decimal bound',
      schema: '{"properties": {"a": {"bsonType": ["double", "decimal"], "minimum": 1e-7}}}',
    },
    {
      text: 'names that JavaScript objects cannot hold',
      schema:
        '{"properties": {"10": {"bsonType": "int"}, "2": {"bsonType": "int"}, "__proto__": {"bsonType": "string"}}, "required": ["__proto__"]}',
    },
  ])('satisfies $text', ({ schema }) => {
    expect(accepts(schemaOf(schema))).toBe(true)
  })

  it('has a value of the right type for every type there is', () => {
    for (const type of SAMPLE_TYPES.filter((name) => !['boolean', 'integer', 'number'].includes(name))) {
      expect(typeName(sampleOf(type))).toBe(type)
    }
  })

  it('has every declared property in declared order and reads back as it was', () => {
    const leaf = fc.oneof(
      fc
        .constantFrom(...SAMPLE_TYPES.filter((type) => !['boolean', 'integer'].includes(type)))
        .map((bsonType) => doc({ bsonType })),
      fc
        .tuple(fc.integer({ min: -50, max: 50 }), fc.constantFrom('int', 'long', 'double', 'decimal'))
        .map(([minimum, bsonType]) => doc({ bsonType, minimum })),
      fc.nat(30).map((minLength) => doc({ bsonType: 'string', minLength })),
    )
    const schemas = fc.uniqueArray(fc.tuple(fc.string(), leaf), { selector: ([name]) => name, maxLength: 6 })
    fc.assert(
      fc.property(
        schemas.filter((all) => all.every(([name]) => !name.includes('\0'))),
        (entries) => {
          const names = entries.map(([name]) => name)
          const schema = doc({ bsonType: 'object', additionalProperties: false }).with(
            'properties',
            new Doc(
              names,
              entries.map(([, property]) => property),
            ),
          )
          const sample = skeletonOf(schema) as Doc
          expect(sample.keys).toEqual(names)
          expect(accepts(schema)).toBe(true)
          const text = relaxedJson(sample, 2)
          const read = readExtendedJson(text)
          expect(read.ok && relaxedJson(read.value, 2)).toBe(text)
        },
      ),
    )
  })
})

describe('an example text', () => {
  it.each([
    '^[a-z0-9]+(-[a-z0-9]+)*$',
    '^[^\\s@]+@[^\\s@]+[.][^\\s@]+$',
    '^[0-9a-fA-F]{24}$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^(yes|no)$',
    '^(?:\\+|00)[1-9]\\d{6,14}$',
    '^[A-Z]{2}$',
    '^(?=a)abc$',
    '^\\S+$',
    '^(a+)+$',
    '^https?://.+$',
  ])('matches %s', (pattern) => {
    expect(sampleText(pattern, { min: 0, max: 50 })).toMatch(new RegExp(pattern, 'u'))
  })

  it('is long enough, where the pattern lets it', () => {
    expect(sampleText('^[a-z]+$', { min: 20, max: 30 }).length).toBeGreaterThanOrEqual(20)
    expect(sampleText(undefined, { min: 0, max: 2 })).toBe('te')
  })

  it('is given for every pattern, also for one that nothing matches or that cannot be read', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab(|)[]{}2,+*?\\^$.-') }), (pattern) => {
        expect(typeof sampleText(pattern, { min: 0, max: 10 })).toBe('string')
      }),
    )
  })
})
