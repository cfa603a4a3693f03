import { doc, type Plain } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { diffSchemas } from './schema-diff.ts'

type Literal = { readonly [key: string]: Plain }
const lines = (before: Literal, after: Literal): string[] =>
  diffSchemas(doc(before), doc(after)).map(({ path, what, risk }) => `${risk ?? 'ok'} ${path}: ${what}`)
const closed = (properties: Literal, required?: readonly string[]): Literal => ({
  bsonType: 'object',
  additionalProperties: false,
  properties,
  ...(required && { required }),
})
const text = { bsonType: 'string' }

describe('diffSchemas', () => {
  it.each<{ readonly what: string; readonly before: Literal; readonly after: Literal; readonly expected: string[] }>([
    { what: 'nothing', before: closed({ a: text }), after: closed({ a: text }), expected: [] },
    {
      what: 'a field removed',
      before: closed({ a: text, b: text }, ['b']),
      after: closed({ a: text }),
      expected: ['BC b: removed'],
    },
    {
      what: 'a field added',
      before: closed({ a: text }),
      after: closed({ a: text, b: text }),
      expected: ['ok b: added'],
    },
    {
      what: 'a field added where any were allowed',
      before: {},
      after: { properties: { b: text } },
      expected: ['MF b: added'],
    },
    {
      what: 'a required field',
      before: closed({ a: text }),
      after: closed({ a: text }, ['a']),
      expected: ['MF a: required from now on'],
    },
    {
      what: 'a field no longer required',
      before: closed({ a: text }, ['a']),
      after: closed({ a: text }),
      expected: ['ok a: no longer required'],
    },
    {
      what: 'another type',
      before: closed({ a: text }),
      after: closed({ a: { bsonType: 'int' } }),
      expected: ['BC a: bsonType is "int", was "string"'],
    },
    {
      what: 'one more type',
      before: closed({ a: text }),
      after: closed({ a: { bsonType: ['string', 'null'] } }),
      expected: ['ok a: bsonType is ["string", "null"], was "string"'],
    },
    {
      what: 'values of an enum',
      before: { enum: ['a', 'b'] },
      after: { enum: ['b', 'c'] },
      expected: ['MF : no longer allowed: "a"', 'ok : also allowed: "c"'],
    },
    {
      what: 'bounds',
      before: { minimum: 1, maxLength: 5 },
      after: { minimum: 2, maxLength: 6 },
      expected: ['MF : minimum is 2, was 1', 'ok : maxLength is 6, was 5'],
    },
    { what: 'a pattern', before: {}, after: { pattern: '^a' }, expected: ['MF : pattern is "^a"'] },
    {
      what: 'unknown fields refused',
      before: {},
      after: { additionalProperties: false },
      expected: ['MF : unknown fields refused'],
    },
    {
      what: 'unknown fields allowed',
      before: { additionalProperties: false },
      after: {},
      expected: ['ok : unknown fields allowed'],
    },
    {
      what: 'deep inside',
      before: closed({ a: { items: closed({ b: text }) } }),
      after: closed({ a: { items: closed({ b: { bsonType: 'int' } }) } }),
      expected: ['BC a[].b: bsonType is "int", was "string"'],
    },
    {
      what: 'inside an alternative',
      before: { oneOf: [closed({ a: text }), text] },
      after: { oneOf: [closed({}), text] },
      expected: ['BC <oneOf 1>.a: removed'],
    },
    {
      what: 'an alternative more',
      before: { oneOf: [text] },
      after: { oneOf: [text, { bsonType: 'int' }] },
      expected: ['MF : oneOf has 2 alternatives, had 1'],
    },
    { what: 'texts for people', before: { title: 'a' }, after: { title: 'b', description: 'c' }, expected: [] },
    {
      what: 'the order of keys',
      before: { bsonType: 'object', title: 'a' },
      after: { title: 'a', bsonType: 'object' },
      expected: [],
    },
  ])('$what', ({ before, after, expected }) => {
    expect(lines(before, after)).toEqual(expected)
  })
  it('without a schema before, everything depends on the data', () => {
    expect(diffSchemas(undefined, doc({}))).toEqual([{ path: '', what: 'is validated from now on', risk: 'MF' }])
  })
})
