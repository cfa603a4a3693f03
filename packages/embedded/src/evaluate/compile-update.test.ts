import fc from 'fast-check'
import { Doc, isArray, type Value } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { compileUpdate, upsertSeed } from './compile-update.ts'
import { testContext } from './testing/context.ts'
import { codeOf } from './testing/expect-error.ts'
import { canonical, json, jsonDoc } from './testing/json.ts'

interface Options {
  readonly filter?: string
  readonly arrayFilters?: string
  readonly insert?: boolean
}

function updated(update: string, document: Doc, { filter, arrayFilters, insert = false }: Options = {}): Doc {
  const spec = json(update)
  const filters = arrayFilters === undefined ? [] : (json(arrayFilters) as readonly Doc[])
  const context = { ...testContext(), filter: jsonDoc(filter ?? '{}'), arrayFilters: filters }
  return compileUpdate(isArray(spec) ? spec : (spec as Doc), context).apply(document, { insert })
}

const apply = (update: string, document: string, options?: Options): string =>
  canonical(updated(update, jsonDoc(document), options))

describe('an update with operators', () => {
  it.each<[string, string, string, string]>([
    [
      'adds fields by name, positions by number',
      '{"$set":{"b":1,"a":1,"l.10":1,"l.9":0}}',
      '{"l":[0,0,0,0,0,0,0,0,0]}',
      '{"l":[0,0,0,0,0,0,0,0,0,0,1],"a":1,"b":1}',
    ],
    ['sets in place', '{"$set":{"a":9}}', '{"a":1,"b":2}', '{"a":9,"b":2}'],
    ['makes documents on the way', '{"$set":{"a.b.c":1}}', '{"x":1}', '{"x":1,"a":{"b":{"c":1}}}'],
    ['sets inside an element', '{"$set":{"a.1.b":1}}', '{"a":[{},{"c":1}]}', '{"a":[{},{"c":1,"b":1}]}'],
    ['does not make documents to remove from', '{"$unset":{"a.b.c":1},"$pull":{"x.y":1}}', '{"z":1}', '{"z":1}'],
    ['removes a field', '{"$unset":{"a":1}}', '{"a":1,"b":2}', '{"b":2}'],
    ['changes the type as arithmetic says', '{"$inc":{"a":1.5}}', '{"a":1}', '{"a":2.5}'],
    ['keeps a long a long', '{"$inc":{"a":1}}', '{"a":{"$numberLong":"1"}}', '{"a":{"$numberLong":"2"}}'],
    ['multiplies', '{"$mul":{"a":2,"b":{"$numberLong":"3"}}}', '{"a":1.5}', '{"a":3.0,"b":{"$numberLong":"0"}}'],
    ['takes the lesser and the greater', '{"$min":{"a":1},"$max":{"b":1}}', '{"a":5,"b":5}', '{"a":1,"b":5}'],
    ['renames', '{"$rename":{"a":"b.c"}}', '{"a":1,"x":2}', '{"x":2,"b":{"c":1}}'],
    ['renames nothing where there is nothing', '{"$rename":{"a":"b"}}', '{"b":1}', '{"b":1}'],
    ['renames over a field', '{"$rename":{"a":"b"}}', '{"a":1,"b":2}', '{"b":1}'],
    ['writes the current date', '{"$currentDate":{"a":true}}', '{}', '{"a":{"$date":"2026-01-02T03:04:05.678Z"}}'],
    ['pushes several', '{"$push":{"a":{"$each":[3,4]}}}', '{"a":[1]}', '{"a":[1,3,4]}'],
    ['pushes a document', '{"$push":{"a":{"b":1}}}', '{}', '{"a":[{"b":1}]}'],
    [
      'pushes before, sorts and cuts',
      '{"$push":{"a":{"$each":[{"k":2}],"$position":0,"$sort":{"k":-1},"$slice":2}}}',
      '{"a":[{"k":1},{"k":3}]}',
      '{"a":[{"k":3},{"k":2}]}',
    ],
    ['adds each once', '{"$addToSet":{"a":{"$each":[1.0,2,2]}}}', '{"a":[1]}', '{"a":[1,2]}'],
    [
      'pulls by a filter over documents',
      '{"$pull":{"a":{"k":{"$gte":2}}}}',
      '{"a":[{"k":1},{"k":2},5]}',
      '{"a":[{"k":1},5]}',
    ],
    ['pulls equal values', '{"$pull":{"a":1}}', '{"a":[1,1.0,2]}', '{"a":[2]}'],
    ['pulls what is in a list', '{"$pull":{"a":{"$in":[1,2]}}}', '{"a":[1,2,3]}', '{"a":[3]}'],
    ['pulls all', '{"$pullAll":{"a":[1,{"x":1}]}}', '{"a":[1,2,{"x":1}]}', '{"a":[2]}'],
    ['pops at either end', '{"$pop":{"a":1,"b":-1}}', '{"a":[1,2],"b":[1,2]}', '{"a":[1],"b":[2]}'],
    ['combines bits', '{"$bit":{"a":{"or":4,"xor":1}}}', '{"a":1}', '{"a":4}'],
  ])('%s', (_name, update, document, expected) => {
    expect(apply(update, document)).toBe(canonical(jsonDoc(expected)))
  })

  it.each<[string, string, string, string, Options]>([
    [
      '$ is the matched element',
      '{"$set":{"a.$.v":1}}',
      '{"a":[{"k":1},{"k":2}]}',
      '{"a":[{"k":1},{"k":2,"v":1}]}',
      { filter: '{"a.k":2}' },
    ],
    [
      '$ follows $elemMatch',
      '{"$set":{"a.$.v":1}}',
      '{"a":[{"k":1,"l":2},{"k":1,"l":1}]}',
      '{"a":[{"k":1,"l":2},{"k":1,"l":1,"v":1}]}',
      { filter: '{"a":{"$elemMatch":{"k":1,"l":1}}}' },
    ],
    ['$[] is every element', '{"$inc":{"a.$[].n":1}}', '{"a":[{"n":1},{}]}', '{"a":[{"n":2},{"n":1}]}', {}],
    [
      '$[id] is what the filter takes',
      '{"$set":{"a.$[e].v":1}}',
      '{"a":[{"k":1},{"k":5}]}',
      '{"a":[{"k":1},{"k":5,"v":1}]}',
      { arrayFilters: '[{"e.k":{"$gt":2}}]' },
    ],
    [
      '$[id] of $[id]',
      '{"$set":{"a.$[x].b.$[y]":0}}',
      '{"a":[{"k":1,"b":[1,2]},{"k":2,"b":[1,2]}]}',
      '{"a":[{"k":1,"b":[1,2]},{"k":2,"b":[1,0]}]}',
      { arrayFilters: '[{"x.k":2},{"y":{"$gte":2}}]' },
    ],
    ['$setOnInsert does nothing on an update', '{"$setOnInsert":{"a":1},"$set":{"b":1}}', '{}', '{"b":1}', {}],
    [
      '$setOnInsert counts on an insert',
      '{"$setOnInsert":{"a":1},"$set":{"b":1}}',
      '{}',
      '{"a":1,"b":1}',
      { insert: true },
    ],
  ])('%s', (_name, update, document, expected, options) => {
    expect(apply(update, document, options)).toBe(canonical(jsonDoc(expected)))
  })

  it.each<[string, string, number, Options?]>([
    ['{"$nope":{"a":1}}', '{}', 9],
    ['{"$set":1}', '{}', 9],
    ['{"$set":{"":1}}', '{}', 56],
    ['{"$set":{"a..b":1}}', '{}', 56],
    ['{"$set":{"a":1},"$unset":{"a":1}}', '{}', 40],
    ['{"$set":{"a.b":1},"$inc":{"a":1}}', '{}', 40],
    ['{"$rename":{"a":"b"},"$set":{"b":1}}', '{}', 40],
    ['{"$rename":{"a":"a"}}', '{}', 2],
    ['{"$set":{"a.$[].b":1,"a.0.b":2}}', '{"a":[{}]}', 40],
    ['{"$set":{"a.b":1}}', '{"a":5}', 28],
    ['{"$set":{"a.b":1}}', '{"a":[1]}', 28],
    ['{"$set":{"a.b":1}}', '{"a":null}', 28],
    ['{"$inc":{"a":"1"}}', '{}', 14],
    ['{"$inc":{"a":1}}', '{"a":"1"}', 14],
    ['{"$inc":{"a":1}}', '{"a":{"$numberLong":"9223372036854775807"}}', 2],
    ['{"$push":{"a":1}}', '{"a":5}', 2],
    ['{"$push":{"a":{"$each":1}}}', '{}', 2],
    ['{"$push":{"a":{"$each":[],"$nope":1}}}', '{}', 2],
    ['{"$addToSet":{"a":1}}', '{"a":5}', 2],
    ['{"$pull":{"a":1}}', '{"a":5}', 2],
    ['{"$pop":{"a":2}}', '{}', 9],
    ['{"$pop":{"a":1}}', '{"a":5}', 14],
    ['{"$bit":{"a":{"nand":1}}}', '{}', 2],
    ['{"$bit":{"a":{"and":1}}}', '{"a":1.5}', 2],
    ['{"$currentDate":{"a":"now"}}', '{}', 2],
    ['{"$set":{"_id":2}}', '{"_id":1}', 66],
    ['{"$unset":{"_id":1}}', '{"_id":1}', 66],
    ['{"$set":{"a.$":1}}', '{"a":[1]}', 2],
    ['{"$set":{"a.$[x]":1}}', '{"a":[1]}', 2],
    ['{"$set":{"b":1}}', '{}', 9, { arrayFilters: '[{"x":1}]' }],
    ['{"$set":{"a.$[x]":1}}', '{}', 9, { arrayFilters: '[{"x":1},{"x":2}]' }],
    ['{"$set":{"a.$[]":1}}', '{}', 2],
    ['{"$set":{"$a":1}}', '{}', 52],
  ])('refuses %s on %s with code %i', (update, document, code, options) => {
    expect(codeOf(() => apply(update, document, options))).toBe(code)
  })

  it.each([
    '{"$set":{"a":1}}',
    '{"$inc":{"a":0}}',
    '{"$unset":{"x":1}}',
    '{"$addToSet":{"l":1}}',
    '{"$pull":{"l":9}}',
    '{"$max":{"a":0}}',
    '[{"$set":{"a":1}}]',
    '{"a":1,"l":[1]}',
  ])('gives the same document back where %s changes nothing', (update) => {
    const document = jsonDoc('{"a":1,"l":[1]}')
    expect(updated(update, document)).toBe(document)
  })

  it('sees a change of the type alone', () => {
    expect(apply('{"$set":{"a":1.0}}', '{"a":1}')).toBe(canonical(jsonDoc('{"a":1.0}')))
  })

  it('never changes the document it is given, and keeps what it does not touch', () => {
    const value = fc.oneof(fc.integer(), fc.string(), fc.constant(null))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value), value, (fields, set) => {
        const document = new Doc(Object.keys(fields), Object.values(fields) as Value[])
        const before = canonical(document)
        const after = compileUpdate(new Doc(['$set'], [new Doc(['a'], [set])]), testContext()).apply(document, {
          insert: false,
        })
        expect(canonical(document)).toBe(before)
        expect(after.get('a')).toEqual(set)
        expect(canonical(after.without('a'))).toBe(canonical(document.without('a')))
      }),
    )
  })
})

describe('a replacement', () => {
  it('keeps _id, first', () => {
    expect(apply('{"b":1}', '{"_id":7,"a":1}')).toBe(canonical(jsonDoc('{"_id":7,"b":1}')))
    expect(apply('{"b":1,"_id":7}', '{"_id":7,"a":1}')).toBe(canonical(jsonDoc('{"_id":7,"b":1}')))
  })

  it('refuses another _id, and operators among the fields', () => {
    expect(codeOf(() => apply('{"_id":8}', '{"_id":7}'))).toBe(66)
    expect(codeOf(() => apply('{"a":1,"$set":{"b":1}}', '{}'))).toBe(52)
  })
})

describe('a pipeline as update', () => {
  it('reads the document as it was', () => {
    expect(apply('[{"$set":{"b":"$a","a":"$b"}},{"$unset":"c"}]', '{"_id":1,"a":1,"b":2,"c":3}')).toBe(
      canonical(jsonDoc('{"_id":1,"a":2,"b":1}')),
    )
  })

  it('refuses other stages and another _id', () => {
    expect(codeOf(() => apply('[{"$match":{"a":1}}]', '{}'))).toBe(72)
    expect(codeOf(() => apply('[{"$set":{"_id":2}}]', '{"_id":1}'))).toBe(66)
  })
})

describe('the seed of an upsert', () => {
  it.each([
    ['{"a":1,"b":{"$gt":2},"c":{"$eq":3}}', '{"a":1,"c":3}'],
    ['{"a.b":1,"_id":5}', '{"_id":5,"a":{"b":1}}'],
    ['{"$and":[{"a":1},{"b":2}]}', '{"a":1,"b":2}'],
    ['{"$or":[{"a":1}]}', '{"a":1}'],
    ['{"$or":[{"a":1},{"a":2}]}', '{}'],
    ['{"a":{"$all":[1]},"b":{"$in":[1]}}', '{"a":1}'],
    ['{"a":{"$regularExpression":{"pattern":"x","options":""}}}', '{}'],
    ['{"a":{"b":1}}', '{"a":{"b":1}}'],
  ])('of %s is %s', (filter, seed) => {
    expect(canonical(upsertSeed(jsonDoc(filter)))).toBe(canonical(jsonDoc(seed)))
  })

  it.each<[string, number]>([
    ['{"$and":[{"a":1},{"a":2}]}', 54],
    ['{"a":{"b":1},"a.b":1}', 54],
    ['{"$expr":{"$eq":["$a",1]}}', 224],
    ['{"$or":[{"a":1},{"$expr":{"$eq":["$a",1]}}]}', 224],
    ['{"_id.a":1}', 111],
  ])('of %s is refused with code %i', (filter, code) => {
    expect(codeOf(() => upsertSeed(jsonDoc(filter)))).toBe(code)
  })
})
