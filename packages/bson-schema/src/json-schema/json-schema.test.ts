import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../decode.ts'
import { encode } from '../encode.ts'
import { readExtendedJson } from '../json/read-json.ts'
import { canonicalJson, relaxedJson } from '../json/write-json.ts'
import { anyDoc, anyNumber, anyValue } from '../testing/arbitrary-value.ts'
import { Doc, doc, docOf, isDoc, type Value } from '../value.ts'
import { compileSchema, type CompiledSchema } from './compile-schema.ts'
import { violations } from './violations.ts'

function parse(text: string): Doc {
  const result = readExtendedJson(text)
  if (!result.ok || !isDoc(result.value)) throw new Error(text)
  return result.value
}

function compile(schema: Doc): CompiledSchema {
  const result = compileSchema(schema)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const rules = (schema: string, document: string): string =>
  relaxedJson(compile(parse(schema)).explain(parse(document))?.get('schemaRulesNotSatisfied') ?? null)

/** The entries for the property `a` of a document. */
const ofProperty = (schema: string, value: string): string => {
  const found = compile(parse(`{"properties": {"a": ${schema}}}`)).explain(parse(`{"a": ${value}}`))
  const [entry] = (found?.get('schemaRulesNotSatisfied') ?? []) as readonly Doc[]
  const [property] = (entry?.get('propertiesNotSatisfied') ?? []) as readonly Doc[]
  return relaxedJson(property?.get('details') ?? null)
}

describe('details of a failure', () => {
  it.each([
    [
      '{"bsonType": "int"}',
      '"x"',
      '[{"operatorName": "bsonType", "specifiedAs": {"bsonType": "int"}, "reason": "type did not match", "consideredValue": "x", "consideredType": "string"}]',
    ],
    [
      '{"minimum": 5, "exclusiveMinimum": true}',
      '5',
      '[{"operatorName": "minimum", "specifiedAs": {"minimum": 5, "exclusiveMinimum": true}, "reason": "comparison failed", "consideredValue": 5}]',
    ],
    [
      '{"multipleOf": 2}',
      '3',
      '[{"operatorName": "multipleOf", "specifiedAs": {"multipleOf": 2}, "reason": "considered value is not a multiple of the specified value", "consideredValue": 3}]',
    ],
    [
      '{"maxLength": 1, "pattern": "^x"}',
      '"ab"',
      '[{"operatorName": "pattern", "specifiedAs": {"pattern": "^x"}, "reason": "regular expression did not match", "consideredValue": "ab"}, {"operatorName": "maxLength", "specifiedAs": {"maxLength": 1}, "reason": "specified string length was not satisfied", "consideredValue": "ab"}]',
    ],
    [
      '{"enum": ["x", 1]}',
      '"y"',
      '[{"operatorName": "enum", "specifiedAs": {"enum": ["x", 1]}, "reason": "value was not found in enum", "consideredValue": "y"}]',
    ],
    [
      '{"minItems": 2}',
      '[1]',
      '[{"operatorName": "minItems", "specifiedAs": {"minItems": 2}, "reason": "array did not match specified length", "consideredValue": [1], "numberOfItems": 1}]',
    ],
    [
      '{"uniqueItems": true}',
      '[1, 2, 1.0]',
      '[{"operatorName": "uniqueItems", "specifiedAs": {"uniqueItems": true}, "reason": "found a duplicate item", "consideredValue": [1, 2, 1.0], "duplicatedValue": 1.0}]',
    ],
    [
      '{"items": {"bsonType": "int", "title": "T"}}',
      '[1, "x", "y"]',
      '[{"operatorName": "items", "title": "T", "reason": "At least one item did not match the sub-schema", "itemIndex": 1, "details": [{"operatorName": "bsonType", "specifiedAs": {"bsonType": "int"}, "reason": "type did not match", "consideredValue": "x", "consideredType": "string"}]}]',
    ],
    [
      '{"items": [{"enum": [1]}], "additionalItems": false}',
      '[2, 3]',
      '[{"operatorName": "items", "details": [{"itemIndex": 0, "details": [{"operatorName": "enum", "specifiedAs": {"enum": [1]}, "reason": "value was not found in enum", "consideredValue": 2}]}]}, {"operatorName": "additionalItems", "specifiedAs": {"additionalItems": false}, "reason": "found additional items", "additionalItems": [3]}]',
    ],
    [
      '{"oneOf": [{"bsonType": "int"}, {"minimum": 0}]}',
      '1',
      '[{"operatorName": "oneOf", "reason": "more than one subschema matched", "matchingSchemaIndexes": [0, 1]}]',
    ],
    [
      '{"anyOf": [{"enum": [1], "description": "D"}]}',
      '2',
      '[{"operatorName": "anyOf", "schemasNotSatisfied": [{"index": 0, "description": "D", "details": [{"operatorName": "enum", "specifiedAs": {"enum": [1]}, "reason": "value was not found in enum", "consideredValue": 2}]}]}]',
    ],
    ['{"not": {"bsonType": "int"}}', '2', '[{"operatorName": "not", "reason": "child expression matched"}]'],
    ['{"encrypt": {}}', '2', '[{"operatorName": "encrypt", "reason": "value was not encrypted"}]'],
    [
      '{"type": "string", "minimum": 9}',
      '6',
      '[{"operatorName": "type", "specifiedAs": {"type": "string"}, "reason": "type did not match", "consideredValue": 6, "consideredType": "int"}]',
    ],
  ])('%s on %s', (schema, value, expected) => {
    expect(ofProperty(schema, value)).toBe(expected)
  })

  it.each([
    [
      '{"required": ["b", "a"]}',
      '{}',
      '[{"operatorName": "required", "specifiedAs": {"required": ["b", "a"]}, "missingProperties": ["a", "b"]}]',
    ],
    [
      '{"additionalProperties": false, "patternProperties": {"^n": {"bsonType": "int"}}}',
      '{"z": 1, "n": "x", "b": 2}',
      '[{"operatorName": "additionalProperties", "specifiedAs": {"additionalProperties": false}, "additionalProperties": ["z", "b"]}, {"operatorName": "patternProperties", "details": [{"propertyName": "n", "regexMatched": "^n", "details": [{"operatorName": "bsonType", "specifiedAs": {"bsonType": "int"}, "reason": "type did not match", "consideredValue": "x", "consideredType": "string"}]}]}]',
    ],
    [
      '{"additionalProperties": {"enum": [1]}}',
      '{"a": 1, "b": 2}',
      '[{"operatorName": "additionalProperties", "reason": "at least one additional property did not match the subschema", "failingProperty": "b", "details": [{"operatorName": "enum", "specifiedAs": {"enum": [1]}, "reason": "value was not found in enum", "consideredValue": 2}]}]',
    ],
    [
      '{"maxProperties": 1}',
      '{"a": 1, "b": 2}',
      '[{"operatorName": "maxProperties", "specifiedAs": {"maxProperties": 1}, "reason": "specified number of properties was not satisfied", "numberOfProperties": 2}]',
    ],
    [
      '{"dependencies": {"a": ["b", "c"]}}',
      '{"a": 1, "b": 2}',
      '[{"operatorName": "dependencies", "failingDependencies": [{"conditionalProperty": "a", "missingProperties": ["c"]}]}]',
    ],
    // A required property that is missing: its type fails silently, its `not` has something to say.
    [
      '{"required": ["a"], "properties": {"a": {"bsonType": "int", "not": {}}}}',
      '{}',
      '[{"operatorName": "properties", "propertiesNotSatisfied": [{"propertyName": "a", "details": [{"operatorName": "not", "reason": "child expression matched"}]}]}, {"operatorName": "required", "specifiedAs": {"required": ["a"]}, "missingProperties": ["a"]}]',
    ],
    [
      '{"required": ["a"], "properties": {"a": {"anyOf": [{"bsonType": "int"}, {"enum": [1]}]}}}',
      '{}',
      '[{"operatorName": "required", "specifiedAs": {"required": ["a"]}, "missingProperties": ["a"]}]',
    ],
  ])('%s on %s', (schema, document, expected) => {
    expect(rules(schema, document)).toBe(expected)
  })

  it('says once and for all when the schema states another type for documents', () => {
    const schema = doc({ bsonType: 'string' })
    expect(relaxedJson(compile(schema).explain(doc({})) as Doc)).toBe(
      '{"operatorName": "$jsonSchema", "specifiedAs": {"$jsonSchema": {"bsonType": "string"}}, "reason": "expression always evaluates to false"}',
    )
  })

  it('gives keywords for single values no effect on documents', () => {
    expect(compile(parse('{"minimum": 5, "pattern": "x", "maxItems": 0}')).matches(doc({ a: 1 }))).toBe(true)
  })
})

describe('errors of a schema', () => {
  it('are all reported, with code and place', () => {
    const result = compileSchema(
      parse(
        '{"const": 1, "properties": {"a/b": {"bsonType": "nope", "minLength": -1}, "c": {"pattern": "(a", "enum": []}}, "required": "c", "anyOf": []}',
      ),
    )
    expect(result.ok ? [] : result.error.map(({ code, path }) => [code, path])).toEqual([
      [9, '/const'],
      [2, '/properties/a~1b/bsonType'],
      [9, '/properties/a~1b/minLength'],
      [51091, '/properties/c/pattern'],
      [9, '/properties/c/enum'],
      [14, '/required'],
      [2, '/anyOf'],
    ])
  })

  it('have the message of the server for keywords', () => {
    const message = (key: string): string | undefined => {
      const result = compileSchema(doc({ [key]: 'x' }))
      return result.ok ? undefined : result.error[0]?.message
    }
    expect(message('const')).toBe('Unknown $jsonSchema keyword: const')
    expect(message('format')).toBe("$jsonSchema keyword 'format' is not currently supported")
    expect(message('required')).toBe("$jsonSchema keyword 'required' must be an array")
  })
})

/** Schemas out of every keyword, deep enough for combinations to meet. */
const { schema: anySchema } = fc.letrec<{ schema: Doc }>((tie) => {
  const count = fc.nat({ max: 3 })
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 })
  const keyword: fc.Arbitrary<[string, Value]> = fc.oneof(
    fc.tuple(fc.constant('bsonType'), fc.constantFrom<Value>('int', 'string', 'object', ['array', 'number'], 'number')),
    fc.tuple(fc.constantFrom('minimum', 'maximum'), anyNumber),
    fc.tuple(
      fc.constantFrom('minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'),
      count,
    ),
    fc.tuple(fc.constant('pattern'), fc.constantFrom('^a', 'é$', '')),
    fc.tuple(fc.constant('multipleOf'), fc.constantFrom<Value>(2, 0.5)),
    fc.tuple(fc.constant('uniqueItems'), fc.boolean()),
    fc.tuple(fc.constant('required'), names),
    fc.tuple(fc.constant('enum'), fc.uniqueArray(anyValue, { minLength: 1, maxLength: 3, selector: canonicalJson })),
    fc.tuple(fc.constantFrom('items', 'additionalItems', 'additionalProperties', 'not'), tie('schema')),
    fc.tuple(fc.constantFrom('additionalProperties', 'additionalItems'), fc.boolean()),
    fc.tuple(
      fc.constantFrom('allOf', 'anyOf', 'oneOf', 'items'),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
    ),
    fc.tuple(
      fc.constantFrom('properties', 'patternProperties', 'dependencies'),
      fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__'), tie('schema')), { maxLength: 3 }).map(docOf),
    ),
  )
  return { schema: fc.array(keyword, { maxLength: 4 }).map(docOf) }
})

describe('matches and explain', () => {
  it('agree on any document and any schema', () => {
    const field = fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__'), anyValue)
    const document = fc.oneof(fc.array(field, { maxLength: 4 }).map(docOf), anyDoc)
    fc.assert(
      fc.property(anySchema, document, (schema, subject) => {
        const compiled = compileSchema(schema)
        fc.pre(compiled.ok)
        if (!compiled.ok) return
        const details = compiled.value.explain(subject)
        expect(compiled.value.matches(subject)).toBe(details === undefined)
        if (details?.has('schemaRulesNotSatisfied')) {
          expect((details.get('schemaRulesNotSatisfied') as readonly Value[]).length).toBeGreaterThan(0)
        }
        if (details) expect(violations(details).length).toBeGreaterThan(0)
      }),
      { numRuns: 800 },
    )
  })
})

describe('a schema over bytes', () => {
  const field = fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__'), anyValue)

  it('says the same as over the decoded document, also of repeated fields and of fields in another order', () => {
    const bytes = fc
      .array(field, { maxLength: 5 })
      // The constructor takes repeated keys as they are, as the bytes of a client may have them.
      .map((entries) =>
        encode(
          new Doc(
            entries.map(([key]) => key),
            entries.map(([, value]) => value),
          ),
        ),
      )
    fc.assert(
      fc.property(anySchema, fc.array(bytes, { minLength: 1, maxLength: 4 }), (schema, documents) => {
        const compiled = compileSchema(schema)
        fc.pre(compiled.ok)
        if (!compiled.ok) return
        const { matches, matchesRaw } = compiled.value
        expect(documents.map((raw) => matchesRaw(raw))).toEqual(documents.map((raw) => matches(decode(raw))))
      }),
      { numRuns: 800 },
    )
  })

  const TYPICAL = `{"bsonType": "object", "required": ["_id", "name"], "additionalProperties": false, "properties": {
    "_id": {"bsonType": "int", "minimum": 1}, "name": {"bsonType": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-zé]"},
    "address": {"bsonType": "object", "required": ["zip"], "properties": {"zip": {"bsonType": "string", "maxLength": 5}}},
    "tags": {"bsonType": "array", "items": {"bsonType": "string"}}}}`
  it.each([
    ['{"_id": 1, "name": "ab"}', true],
    ['{"name": "ab", "_id": 1}', true],
    ['{"_id": 0, "name": "ab"}', false],
    ['{"_id": 1, "name": "é"}', false],
    ['{"_id": 1, "name": "éééé"}', true],
    ['{"_id": 1, "name": "ééééé"}', false],
    ['{"_id": 1, "name": "1b"}', false],
    ['{"_id": 1}', false],
    ['{"_id": 1, "name": "ab", "other": 1}', false],
    ['{"_id": 1, "name": "ab", "address": {"zip": "12345"}, "tags": ["x"]}', true],
    ['{"_id": 1, "name": "ab", "address": {"zip": "123456"}}', false],
    ['{"_id": 1, "name": "ab", "address": {"city": "x"}}', false],
    ['{"_id": 1, "name": "ab", "address": 5}', false],
    ['{"_id": 1, "name": "ab", "tags": ["x", 1]}', false],
    ['{"_id": {"$numberLong": "1"}, "name": "ab"}', false],
  ])('of a typical schema: %s %s', (text, expected) => {
    const { matches, matchesRaw } = compile(parse(TYPICAL))
    expect([matches(parse(text)), matchesRaw(encode(parse(text)))]).toEqual([expected, expected])
  })
})

describe('violations', () => {
  it('lead to the value through documents and arrays', () => {
    const schema = parse(
      '{"title": "top", "required": ["z"], "additionalProperties": false, "properties": {"_id": {}, "a": {"title": "inner", "items": {"properties": {"b": {"minimum": 5, "description": "at least five"}}}}}}',
    )
    const details = compile(schema).explain(parse('{"_id": 1, "a": [{"b": 7}, {"b": 1}], "y": 1}')) as Doc
    const found = violations(doc({ failingDocumentId: 1, details }))
    expect(found.map(({ path, rule, title, description }) => ({ path, rule, title, description }))).toEqual([
      { path: ['a', 1, 'b'], rule: 'minimum', title: 'inner', description: 'at least five' },
      { path: ['y'], rule: 'additionalProperties', title: 'top', description: undefined },
      { path: ['z'], rule: 'required', title: 'top', description: undefined },
    ])
    expect(found[0]?.expected).toEqual(doc({ minimum: 5 }))
    expect(found[0]?.actual).toBe(1)
  })

  it('read validators of query operators, and errors that were cut', () => {
    const errInfo = parse(
      '{"details": {"operatorName": "$and", "clausesNotSatisfied": [{"index": 0, "details": {"operatorName": "$gt", "specifiedAs": {"n": {"$gt": 5}}, "reason": "comparison failed", "consideredValue": 1}}, {"index": 1, "details": {"operatorName": "$jsonSchema", "schemaRulesNotSatisfied": [{"operatorName": "properties"}]}}]}}',
    )
    expect(violations(errInfo).map(({ rule }) => rule)).toEqual(['$gt', 'properties'])
  })

  it('take anything else for no violation, without failing', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(Array.isArray(violations(value))).toBe(true)
      }),
    )
    expect(violations(undefined)).toEqual([])
  })
})
