import { doc, type Plain } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { diffSchemas } from '../diff/schema-diff.ts'
import { rulesBehind } from './risk-rules.ts'
import { rulesOf } from './rules.ts'

type Schema = { readonly [key: string]: Plain }
const property = (schema: Schema): Schema => ({ bsonType: 'object', properties: { a: schema } })

describe('the rules behind a change', () => {
  it.each<[string, Schema, Schema, readonly string[]]>([
    ['a field that becomes required', property({}), { ...property({}), required: ['a'] }, ['a required']],
    ['fewer values', property({ enum: [1, 2] }), property({ enum: [1] }), ['a enum']],
    ['values where all were allowed', property({}), property({ enum: [1] }), ['a enum']],
    ['a pattern', property({}), property({ pattern: 'x' }), ['a pattern']],
    ['a tighter bound', property({ minimum: 1 }), property({ minimum: 2 }), ['a minimum']],
    [
      'a bound that is not included any more',
      property({ minimum: 1 }),
      property({ minimum: 1, exclusiveMinimum: true }),
      ['a minimum'],
    ],
    ['a longer text', property({}), property({ minLength: 2 }), ['a minLength']],
    ['a type where any was allowed', property({}), property({ bsonType: 'int' }), ['a bsonType']],
    ['no other fields', property({}), { ...property({}), additionalProperties: false }, [' additionalProperties']],
    [
      'other fields restricted',
      property({}),
      { ...property({}), additionalProperties: { bsonType: 'int' } },
      ['* bsonType'],
    ],
    ['a new field', { properties: {} }, { properties: { a: { bsonType: 'int', properties: {} } } }, ['a bsonType']],
    ['items', property({ items: { minimum: 1 } }), property({ items: { minimum: 2 } }), ['a[] minimum']],
    ['items that were not described', property({}), property({ items: { minimum: 2 } }), ['a[] minimum']],
    ['unique items', property({}), property({ uniqueItems: true }), ['a uniqueItems']],
    ['another alternative', property({ oneOf: [{ minimum: 1 }] }), property({ oneOf: [{ minimum: 2 }] }), ['a oneOf']],
    ['more alternatives', property({ oneOf: [{ minimum: 1 }] }), property({ oneOf: [{}, {}] }), ['a oneOf']],
  ])('are found for %s', (_what, before, after, expected) => {
    const changes = diffSchemas(doc(before), doc(after)).filter(({ risk }) => risk === 'MF')
    expect(changes.length).toBeGreaterThan(0)
    const rules = rulesOf(doc(after)).filter((rule) => changes.some((change) => rulesBehind(change)(rule)))
    const found = rules.map(({ path, keyword }) => `${path} ${keyword}`)
    expect(found).toEqual(expected)
  })

  it('are all of them where nothing was validated before', () => {
    const [change] = diffSchemas(undefined, doc(property({ minimum: 1 })))
    expect(change && rulesOf(doc(property({ minimum: 1 }))).every(rulesBehind(change))).toBe(true)
  })
})
