import { describe, expect, it } from 'vitest'
import { checkTexts, thingWith } from './testing/files.ts'

const NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty']

describe('names that every JavaScript object has', () => {
  it.each(NAMES)('%s is an unknown type name, keyword and enumerator like any other', (name) => {
    const { problems } = checkTexts(
      thingWith([
        `{name: a, type: complex, json_type: {type: ${name}}, bson_type: {bsonType: ${name}, ${name}: 1}}`,
        `{name: b, type: simple, schema: {type: ${name}, ${name}: 1}}`,
        `{name: c, type: enum, enums: ${name}}`,
        `{name: d, type: ${name}}`,
      ]),
    )
    expect(new Set(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code))).toEqual(
      new Set(['FRAGMENT_INVALID', 'ENUMERATOR_MISSING', 'TYPE_UNKNOWN']),
    )
    for (const { hint } of problems) expect(['string', 'undefined']).toContain(typeof hint)
  })
})
