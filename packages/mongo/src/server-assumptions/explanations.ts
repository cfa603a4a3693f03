import type { Document } from 'mongodb'

/** How people are told of one broken rule. */
export interface Told {
  /** Field names and array positions, joined by dots; empty for the document itself. */
  readonly path: string
  readonly rule: string
  readonly expected?: string
  readonly actual?: string
  readonly description?: string
}

/** A document that breaks rules of a schema, and how that is told. */
export interface Explanation {
  readonly schema: Document
  readonly document: Document
  readonly told: readonly Told[]
}

const field = (a: Document, value: unknown, ...told: readonly Told[]): Explanation => ({
  schema: { properties: { a } },
  document: { a: value },
  told,
})
const broken = (rule: string, expected: string, actual: string): Told => ({ path: 'a', rule, expected, actual })

/**
 * Every keyword of `$jsonSchema` that a document can break, written by hand.
 *
 * Sources: what a keyword asks for is in the manual, `$jsonSchema`; how a server tells it (which names lead down, what is named, that
 * a missing field has no value) in the manual, "Handle invalid documents", and in the server's own tests of its error, the
 * `doc_validation_error` files of MongoDB's `jstests/core`.
 */
export const EXPLANATIONS: readonly Explanation[] = [
  field({ bsonType: 'int' }, 'x', broken('bsonType', '"int"', '"x" (string)')),
  field({ bsonType: ['int', 'null'] }, 1.5, broken('bsonType', '["int", "null"]', '1.5 (double)')),
  field({ type: 'string' }, 6, broken('type', '"string"', '6 (int)')),
  field({ enum: ['x', 1] }, 'y', broken('enum', '["x", 1]', '"y" (string)')),
  field({ enum: ['x'], description: 'one of few' }, null, {
    ...broken('enum', '["x"]', 'null (null)'),
    description: 'one of few',
  }),
  field({ pattern: '^x' }, 'ab', broken('pattern', '"^x"', '"ab" (string)')),
  field({ minLength: 3 }, 'ab', broken('minLength', '3', '"ab" (string)')),
  field({ maxLength: 1 }, 'ab', broken('maxLength', '1', '"ab" (string)')),
  field({ minimum: 5 }, 4, broken('minimum', '5', '4 (int)')),
  field({ minimum: 5, exclusiveMinimum: true }, 5, broken('minimum', '5, not included', '5 (int)')),
  field({ maximum: 5 }, 5.5, broken('maximum', '5', '5.5 (double)')),
  field({ maximum: 5, exclusiveMaximum: true }, 5, broken('maximum', '5, not included', '5 (int)')),
  field({ multipleOf: 2 }, 3, broken('multipleOf', '2', '3 (int)')),
  field({ minItems: 2 }, [1], broken('minItems', '2', '[1] (array)')),
  field({ maxItems: 1 }, [1, 2], broken('maxItems', '1', '[1, 2] (array)')),
  field({ uniqueItems: true }, [1, 2, 1], broken('uniqueItems', 'true', '[1, 2, 1] (array)')),
  field({ items: { bsonType: 'int' } }, [1, 'x', 'y'], { ...broken('bsonType', '"int"', '"x" (string)'), path: 'a.1' }),
  field({ items: [{ enum: [1] }] }, [2], { ...broken('enum', '[1]', '2 (int)'), path: 'a.0' }),
  field({ items: [{ enum: [1] }], additionalItems: false }, [1, 3], {
    path: 'a',
    rule: 'additionalItems',
    expected: 'false',
  }),
  field({ minProperties: 1 }, {}, { path: 'a', rule: 'minProperties', expected: '1' }),
  field({ maxProperties: 1 }, { b: 1, c: 1 }, { path: 'a', rule: 'maxProperties', expected: '1' }),
  field({ required: ['b', 'c'] }, { c: 1 }, { path: 'a.b', rule: 'required', expected: 'a value', actual: 'nothing' }),
  field({ dependencies: { b: ['c'] } }, { b: 1 }, { path: 'a.c', rule: 'dependencies' }),
  field(
    { additionalProperties: false, properties: { b: {} } },
    { b: 1, c: 'x' },
    {
      path: 'a.c',
      rule: 'additionalProperties',
      expected: 'no other fields',
      actual: '"x" (string)',
    },
  ),
  field({ additionalProperties: { enum: [1] } }, { b: 2 }, { ...broken('enum', '[1]', '2 (int)'), path: 'a.b' }),
  field(
    { patternProperties: { '^n': { bsonType: 'int' } } },
    { n: 'x' },
    {
      ...broken('bsonType', '"int"', '"x" (string)'),
      path: 'a.n',
    },
  ),
  field(
    { properties: { b: { properties: { c: { minimum: 0 } } } } },
    { b: { c: -1 } },
    {
      ...broken('minimum', '0', '-1 (int)'),
      path: 'a.b.c',
    },
  ),
  field({ allOf: [{ minimum: 0 }, { multipleOf: 2 }] }, 3, broken('multipleOf', '2', '3 (int)')),
  field(
    { anyOf: [{ bsonType: 'int' }, { enum: ['x'] }] },
    'y',
    broken('bsonType', '"int"', '"y" (string)'),
    broken('enum', '["x"]', '"y" (string)'),
  ),
  field({ oneOf: [{ bsonType: 'int' }, { minimum: 0 }] }, 1, {
    path: 'a',
    rule: 'oneOf',
    expected: 'more than one subschema matched',
  }),
  field({ not: { bsonType: 'int' } }, 2, { path: 'a', rule: 'not', expected: 'child expression matched' }),
  {
    schema: { required: ['b', 'a'], additionalProperties: false, properties: { _id: {}, a: {}, n: { minimum: 0 } } },
    document: { n: -1, extra: 1 },
    told: [
      { path: 'n', rule: 'minimum', expected: '0', actual: '-1 (int)' },
      { path: 'extra', rule: 'additionalProperties', expected: 'no other fields', actual: '1 (int)' },
      { path: 'a', rule: 'required', expected: 'a value', actual: 'nothing' },
      { path: 'b', rule: 'required', expected: 'a value', actual: 'nothing' },
    ],
  },
]
