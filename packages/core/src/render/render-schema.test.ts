import { isDoc, relaxedJson, type Value } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { renderSchema, renderType } from './render-schema.ts'
import { repositoryOf, STOCK, thingWith } from './testing/files.ts'

/** Both schemas of one property of a collection, as text. */
function rendered(property: string, more: Readonly<Record<string, string>> = {}): { json: string; bson: string } {
  const repository = repositoryOf(thingWith([property], more))
  const of = (format: 'json' | 'bson'): string => {
    const result = renderSchema(repository, 'thing', undefined, format)
    if (!result.ok) throw new Error(JSON.stringify(result.error))
    const properties = result.value.schema.get('properties')
    if (!isDoc(properties)) throw new Error('the root has no properties')
    return relaxedJson(properties.values[1] as Value)
  }
  return { json: of('json'), bson: of('bson') }
}

/** Without blanks, so that a table stays readable. */
const tight = (text: string): string => text.replaceAll(/([,:{[]) /g, '$1').replaceAll(/ ([}\]])/g, '$1')

const ENUMS = {
  'enumerators/enumerations.0.yaml': `version: 0
enumerators:
  - name: marks
    values: [{value: b, description: B}, {value: a, description: A}, {value: b, description: again}]
`,
}
const CIRCLE = {
  'dictionaries/Circle.yaml':
    'root: {name: root, description: A circle, type: object, properties: [{name: kind, description: k, type: constant, constant: circle, required: true}]}\n',
}

describe('the ten kinds', () => {
  it.each([
    {
      kind: 'simple',
      property: '{name: p, description: D, type: simple, schema: {pattern: x, type: string}}',
      json: '{"description":"D","type":"string","pattern":"x"}',
      bson: '{"bsonType":"string","pattern":"x"}',
    },
    {
      kind: 'simple with a description inside its schema, which wins and reaches BSON',
      property: '{name: p, description: D, type: simple, schema: {type: string, description: inner}}',
      json: '{"description":"inner","type":"string"}',
      bson: '{"bsonType":"string","description":"inner"}',
    },
    {
      kind: 'complex',
      property:
        '{name: p, description: D, type: complex, json_type: {type: number, minimum: 1}, bson_type: {minimum: 1, bsonType: [int, "null"]}}',
      json: '{"description":"D","type":"number","minimum":1}',
      bson: '{"bsonType":["int","null"],"minimum":1}',
    },
    {
      kind: 'enum, sorted by code point and each value once',
      property: '{name: p, description: D, type: enum, enums: marks}',
      json: '{"description":"D","type":"string","enum":["a","b"]}',
      bson: '{"bsonType":"string","enum":["a","b"]}',
    },
    {
      kind: 'enum_array',
      property: '{name: p, description: D, type: enum_array, enums: marks}',
      json: '{"description":"D","type":"array","items":{"type":"string","enum":["a","b"]}}',
      bson: '{"bsonType":"array","items":{"bsonType":"string","enum":["a","b"]}}',
    },
    {
      kind: 'constant (example E11)',
      property: '{name: p, description: k, type: constant, constant: circle}',
      json: '{"description":"k","type":"string","const":"circle"}',
      bson: '{"bsonType":"string","enum":["circle"]}',
    },
    {
      kind: 'custom type, whose description is replaced even by an empty one (example E3)',
      property: '{name: p, type: word}',
      json: '{"description":"","type":"string","pattern":"^\\\\S+$"}',
      bson: '{"bsonType":"string","pattern":"^\\\\S+$"}',
    },
    {
      kind: 'array (example E4)',
      property: '{name: p, description: D, type: array, items: {name: i, description: I, type: word}}',
      json: '{"description":"D","type":"array","items":{"description":"I","type":"string","pattern":"^\\\\S+$"}}',
      bson: '{"bsonType":"array","items":{"bsonType":"string","pattern":"^\\\\S+$"}}',
    },
    {
      kind: 'object, with required in the order of the list and absent when empty',
      property:
        '{name: p, description: D, type: object, additional_properties: true, properties: [{name: z, type: word, required: true}, {name: "1", type: object}, {name: a, type: word, required: true}]}',
      json: '{"description":"D","type":"object","additionalProperties":true,"properties":{"z":{"description":"","type":"string","pattern":"^\\\\S+$"},"1":{"description":"","type":"object","additionalProperties":false,"properties":{}},"a":{"description":"","type":"string","pattern":"^\\\\S+$"}},"required":["z","a"]}',
      bson: '{"bsonType":"object","additionalProperties":true,"properties":{"z":{"bsonType":"string","pattern":"^\\\\S+$"},"1":{"bsonType":"object","additionalProperties":false,"properties":{}},"a":{"bsonType":"string","pattern":"^\\\\S+$"}},"required":["z","a"]}',
    },
    {
      kind: 'ref, in place, its own description dropped (example E9, W-30 kept for parity)',
      property: '{name: p, description: dropped, type: ref, ref: Circle}',
      json: '{"description":"A circle","type":"object","additionalProperties":false,"properties":{"kind":{"description":"k","type":"string","const":"circle"}},"required":["kind"]}',
      bson: '{"bsonType":"object","additionalProperties":false,"properties":{"kind":{"bsonType":"string","enum":["circle"]}},"required":["kind"]}',
    },
    {
      kind: 'one_of of refs and one_of, without a type (example E10)',
      property:
        '{name: p, type: one_of, properties: [{name: c, type: ref, ref: Circle.yaml}, {name: n, description: N, type: one_of, properties: [{name: w, type: word}]}]}',
      json: '{"description":"","oneOf":[{"description":"A circle","type":"object","additionalProperties":false,"properties":{"kind":{"description":"k","type":"string","const":"circle"}},"required":["kind"]},{"description":"N","oneOf":[{"description":"","type":"string","pattern":"^\\\\S+$"}]}]}',
      bson: '{"oneOf":[{"bsonType":"object","additionalProperties":false,"properties":{"kind":{"bsonType":"string","enum":["circle"]}},"required":["kind"]},{"oneOf":[{"bsonType":"string","pattern":"^\\\\S+$"}]}]}',
    },
  ])('renders $kind', ({ property, json, bson }) => {
    const schemas = rendered(property, { ...ENUMS, ...CIRCLE })
    expect(tight(schemas.json)).toBe(json)
    expect(tight(schemas.bson)).toBe(bson)
  })
})

describe('extensions', () => {
  it.each([
    [
      'array bounds',
      '{name: p, type: array, min_items: 1, max_items: 3, unique_items: true, items: {name: i, type: word}}',
      '{"bsonType":"array","items":{"bsonType":"string","pattern":"^\\\\S+$"},"minItems":1,"maxItems":3,"uniqueItems":true}',
    ],
    ['nullable type', '{name: p, type: word, nullable: true}', '{"bsonType":["string","null"],"pattern":"^\\\\S+$"}'],
    [
      'nullable enum',
      '{name: p, type: enum, enums: marks, nullable: true}',
      '{"bsonType":["string","null"],"enum":["a","b",null]}',
    ],
    [
      'nullable choice',
      '{name: p, type: one_of, nullable: true, properties: [{name: w, type: word}]}',
      '{"anyOf":[{"oneOf":[{"bsonType":"string","pattern":"^\\\\S+$"}]},{"bsonType":"null"}]}',
    ],
  ])('%s', (_, property, bson) => {
    expect(tight(rendered(property, ENUMS).bson)).toBe(bson)
  })

  it('keeps the description in front of a nullable constant', () => {
    const { json } = rendered('{name: p, description: k, type: constant, constant: c, nullable: true}')
    expect(tight(json)).toBe('{"description":"k","anyOf":[{"type":"string","const":"c"},{"type":"null"}]}')
  })
})

describe('versions', () => {
  const texts = thingWith(['{name: p, type: enum, enums: marks}'], {
    'configurations/thing.yaml': 'versions:\n  - version: 1.0.0.1\n  - version: 1.0.0.2\n',
    'enumerators/enumerations.1.yaml':
      'version: 1\nenumerators: [{name: marks, values: [{value: a, description: A}]}]\n',
    'enumerators/enumerations.2.yaml':
      'version: 2\nenumerators: [{name: marks, values: [{value: z, description: Z}]}]\n',
  })

  it.each([
    [undefined, '"enum": ["z"]'],
    ['1.0.0.1', '"enum": ["a"]'],
    ['01.0.0.2', '"enum": ["z"]'],
  ])('version %s takes the values of its enumerators file (example E5)', (version, expected) => {
    const result = renderSchema(repositoryOf(texts), 'thing', version, 'bson')
    expect(result.ok && relaxedJson(result.value.schema)).toContain(expected)
  })

  it('tells an unknown collection and an unknown version', () => {
    const repository = repositoryOf(texts)
    expect(renderSchema(repository, 'thnig', undefined, 'json')).toMatchObject({
      ok: false,
      error: [{ code: 'COLLECTION_UNKNOWN', hint: 'Did you mean "thing"?' }],
    })
    expect(renderSchema(repository, 'thing', '9.9.9', 'json')).toMatchObject({
      ok: false,
      error: [{ code: 'VERSION_UNKNOWN', hint: 'It has 1.0.0.1, 1.0.0.2.' }],
    })
  })

  it('gives the problems of the files when a version cannot be rendered', () => {
    const broken = repositoryOf(thingWith(['{name: p, type: wrod}']))
    expect(renderSchema(broken, 'thing', undefined, 'json')).toMatchObject({
      ok: false,
      error: [{ code: 'TYPE_UNKNOWN' }],
    })
  })

  it('renders a type by itself', () => {
    expect(relaxedJson(renderType(repositoryOf(STOCK), 'identifier', 'bson')!)).toBe('{"bsonType": "objectId"}')
  })
})
