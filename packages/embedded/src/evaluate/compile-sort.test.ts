import fc from 'fast-check'
import { Doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { compileSort, sortDocuments } from './compile-sort.ts'
import { testContext } from './testing/context.ts'
import { codeOf } from './testing/expect-error.ts'
import { jsonDoc } from './testing/json.ts'

const order = (spec: string, documents: readonly string[], changes = {}): unknown[] =>
  documents
    .map((each, i) => jsonDoc(each).with('n', i))
    .toSorted(compileSort(jsonDoc(spec), testContext(changes)))
    .map((each) => each.get('n'))

describe('a sort', () => {
  it.each<[string, string, string[], number[]]>([
    [
      'puts missing with null, before numbers',
      '{"a":1}',
      ['{"a":1}', '{}', '{"a":null}', '{"a":{"$minKey":1}}'],
      [3, 1, 2, 0],
    ],
    ['takes the least element of an array', '{"a":1}', ['{"a":[5,2]}', '{"a":3}', '{"a":[9,1]}'], [2, 0, 1]],
    ['takes the greatest element downwards', '{"a":-1}', ['{"a":[5,2]}', '{"a":3}', '{"a":[9,1]}'], [2, 0, 1]],
    ['puts an empty array before null', '{"a":1}', ['{"a":null}', '{"a":[]}'], [1, 0]],
    [
      'goes into documents of arrays',
      '{"a.b":1}',
      ['{"a":[{"b":5},{"b":3}]}', '{"a":{"b":4}}', '{"a":[{"c":1}]}'],
      [2, 0, 1],
    ],
    ['selects a position', '{"a.1":1}', ['{"a":[1,9]}', '{"a":[9,1]}'], [1, 0]],
    [
      'chooses one element for a compound key',
      '{"a.x":1,"a.y":1}',
      ['{"a":[{"x":1,"y":9},{"x":2,"y":0}]}', '{"a":{"x":1,"y":5}}'],
      [1, 0],
    ],
    [
      'compares the next field where the first is equal',
      '{"a":1,"b":-1}',
      ['{"a":1,"b":1}', '{"a":1.0,"b":2}', '{"a":0}'],
      [2, 1, 0],
    ],
    ['keeps the order of equal documents', '{"a":1}', ['{"a":1}', '{"a":1}', '{"a":0}'], [2, 0, 1]],
  ])('%s', (_name, spec, documents, expected) => {
    expect(order(spec, documents)).toEqual(expected)
  })

  it('follows the collation', () => {
    const collation = new Intl.Collator('en').compare
    expect(order('{"a":1}', ['{"a":"b"}', '{"a":"B"}', '{"a":"a"}'])).toEqual([1, 2, 0])
    expect(order('{"a":1}', ['{"a":"b"}', '{"a":"B"}', '{"a":"a"}'], { collation })).toEqual([2, 0, 1])
  })

  it.each<[string, number]>([
    ['{"a":2}', 15975],
    ['{"a":"up"}', 15974],
    ['{"a":{"$meta":"textScore"}}', 115],
    ['{"a..b":1}', 15998],
  ])('refuses %s with code %i', (spec, code) => {
    expect(codeOf(() => compileSort(jsonDoc(spec), testContext()))).toBe(code)
  })

  it('refuses two arrays in one key', () => {
    const documents = [jsonDoc('{"a":[1,2],"b":[1,2]}'), jsonDoc('{"a":1,"b":1}')]
    expect(codeOf(() => sortDocuments(documents, jsonDoc('{"a":1,"b":1}'), testContext()))).toBe(2)
  })

  it('gives the same order with and without kept keys', () => {
    const field = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.constant(null),
      fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(field, { maxLength: 12 }), fc.constantFrom(1, -1), (values, direction) => {
        const documents = values.map((value, i) => new Doc(['a', 'n'], [value, i]))
        const spec = new Doc(['a'], [direction])
        expect(sortDocuments(documents, spec, testContext())).toEqual(
          documents.toSorted(compileSort(spec, testContext())),
        )
      }),
    )
  })
})
