import { doc, type Doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { compileFilter } from './compile-filter.ts'
import { testContext } from './testing/context.ts'
import { codeOf } from './testing/expect-error.ts'
import { jsonDoc } from './testing/json.ts'

const matching = (filter: string, documents: readonly string[], changes = {}): string[] => {
  const matches = compileFilter(jsonDoc(filter), testContext(changes))
  return documents.filter((each) => matches(jsonDoc(each)))
}

describe('a filter', () => {
  it.each<[string, string, string[], string[]]>([
    ['everything matches without conditions', '{}', ['{}', '{"a":1}'], []],
    [
      'equality crosses numeric types',
      '{"a":1}',
      ['{"a":1.0}', '{"a":{"$numberLong":"1"}}', '{"a":[3,1]}'],
      ['{"a":"1"}', '{"a":true}', '{}'],
    ],
    ['null is null and missing', '{"a":null}', ['{}', '{"a":null}', '{"a":[1,null]}'], ['{"a":0}', '{"a":[]}']],
    [
      'a path into documents of an array',
      '{"a.b":null}',
      ['{"a":[{"c":1}]}', '{"a":5}', '{}'],
      ['{"a":[]}', '{"a":[1,2]}', '{"a":[{"b":1}]}'],
    ],
    [
      'a position and a field of that name',
      '{"a.1":7}',
      ['{"a":[0,7]}', '{"a":[{"1":7}]}', '{"a":{"1":7}}'],
      ['{"a":[7,0]}', '{"a":[0,[7]]}'],
    ],
    ['positions in nested arrays', '{"a.0.1":7}', ['{"a":[[0,7]]}'], ['{"a":[0,7]}']],
    [
      'a document is equal in its field order only',
      '{"a":{"x":1,"y":2}}',
      ['{"a":{"x":1,"y":2.0}}'],
      ['{"a":{"y":2,"x":1}}'],
    ],
    [
      '$gt stays within its type',
      '{"a":{"$gt":1}}',
      ['{"a":2}', '{"a":[0,5]}'],
      ['{"a":"x"}', '{"a":null}', '{"a":1}'],
    ],
    ['NaN is never less or greater', '{"a":{"$lt":5}}', ['{"a":1}'], ['{"a":{"$numberDouble":"NaN"}}']],
    [
      'an infinity is not less than itself, and NaN is not greater',
      '{"a":{"$gte":{"$numberDouble":"Infinity"}}}',
      ['{"a":{"$numberDouble":"Infinity"}}'],
      ['{"a":1}', '{"a":{"$numberDouble":"NaN"}}'],
    ],
    [
      '$gte MinKey takes every type that is there',
      '{"a":{"$gte":{"$minKey":1}}}',
      ['{"a":1}', '{"a":"x"}', '{"a":null}'],
      ['{}'],
    ],
    ['$ne means no element', '{"a":{"$ne":1}}', ['{"a":[2,3]}', '{}'], ['{"a":[1,2]}']],
    [
      '$in with a pattern and null',
      '{"a":{"$in":[{"$regularExpression":{"pattern":"^x","options":""}},null]}}',
      ['{"a":"xy"}', '{}'],
      ['{"a":"yx"}'],
    ],
    ['$in with many values', '{"a":{"$in":[1,2,3,4,5,null]}}', ['{"a":5.0}', '{"a":[9,3]}', '{}'], ['{"a":6}']],
    ['$nin', '{"a":{"$nin":[1,2]}}', ['{"a":3}', '{}'], ['{"a":[3,1]}']],
    ['$exists true counts null', '{"a":{"$exists":true}}', ['{"a":null}', '{"a":[]}'], ['{}']],
    ['$exists false', '{"a.b":{"$exists":false}}', ['{}', '{"a":[]}'], ['{"a":[{"b":1},{}]}']],
    [
      '$not turns all its operators around',
      '{"a":{"$not":{"$gt":1,"$lt":5}}}',
      ['{"a":0}', '{}'],
      ['{"a":3}', '{"a":[0,9]}'],
    ],
    [
      '$not with a pattern',
      '{"a":{"$not":{"$regularExpression":{"pattern":"b","options":""}}}}',
      ['{"a":"x"}', '{"a":1}'],
      ['{"a":"abc"}'],
    ],
    ['$size of the array itself', '{"a":{"$size":1}}', ['{"a":[[1,2]]}'], ['{"a":[1,2]}', '{"a":1}']],
    ['$all', '{"a":{"$all":[1,2]}}', ['{"a":[2,1,3]}'], ['{"a":[1]}', '{"a":1}']],
    ['$all of nothing matches nothing', '{"a":{"$all":[]}}', [], ['{"a":[]}', '{"a":[1]}']],
    [
      '$all of $elemMatch',
      '{"a":{"$all":[{"$elemMatch":{"x":1}},{"$elemMatch":{"x":2}}]}}',
      ['{"a":[{"x":1},{"x":2}]}'],
      ['{"a":[{"x":1}]}'],
    ],
    [
      '$elemMatch over documents',
      '{"a":{"$elemMatch":{"b":1,"c":2}}}',
      ['{"a":[{"b":1,"c":2}]}'],
      ['{"a":[{"b":1},{"c":2}]}', '{"a":{"b":1,"c":2}}'],
    ],
    ['$elemMatch over values', '{"a":{"$elemMatch":{"$gt":1,"$lt":3}}}', ['{"a":[0,2]}'], ['{"a":[0,5]}', '{"a":2}']],
    ['$elemMatch with $or', '{"a":{"$elemMatch":{"$or":[{"b":1},{"b":2}]}}}', ['{"a":[{"b":2}]}'], ['{"a":[{"b":3}]}']],
    [
      '$type by alias and number',
      '{"a":{"$type":["string",16]}}',
      ['{"a":"x"}', '{"a":1}', '{"a":[1.5,"x"]}'],
      ['{"a":1.5}', '{}'],
    ],
    [
      '$mod cuts doubles',
      '{"a":{"$mod":[4,1]}}',
      ['{"a":5}', '{"a":5.9}', '{"a":{"$numberLong":"9"}}'],
      ['{"a":4}', '{"a":"5"}'],
    ],
    ['$bitsAnyClear', '{"a":{"$bitsAnyClear":[0,1]}}', ['{"a":1}'], ['{"a":3}', '{"a":1.5}']],
    ['$bitsAllSet on a negative number', '{"a":{"$bitsAllSet":[63]}}', ['{"a":-1}'], ['{"a":1}']],
    [
      '$and, $or and $nor',
      '{"$or":[{"a":1},{"$and":[{"b":2},{"$nor":[{"c":3}]}]}]}',
      ['{"a":1}', '{"b":2}'],
      ['{"b":2,"c":3}'],
    ],
    ['$expr compares fields', '{"$expr":{"$gt":["$a","$b"]}}', ['{"a":2,"b":1}'], ['{"a":1,"b":2}']],
    [
      '$regex with options',
      '{"a":{"$regex":"^AB","$options":"i"}}',
      ['{"a":"abc"}', '{"a":["x","ABx"]}'],
      ['{"a":"xab"}', '{"a":1}'],
    ],
    [
      '$jsonSchema',
      '{"$jsonSchema":{"required":["a"],"properties":{"a":{"bsonType":"double"}}}}',
      ['{"a":1.0}'],
      ['{"a":1}', '{}'],
    ],
    ['$comment is no condition', '{"$comment":"why","a":1}', ['{"a":1}'], ['{"a":2}']],
    ['$alwaysFalse', '{"$alwaysFalse":1}', [], ['{}']],
  ])('%s', (_name, filter, accepted, refused) => {
    expect(matching(filter, [...accepted, ...refused])).toEqual(accepted)
  })

  it('compares strings by the collation, in equality, order, and sets', () => {
    const collation = new Intl.Collator('en', { sensitivity: 'base' }).compare
    const documents = ['{"a":"X"}', '{"a":"y"}']
    expect(matching('{"a":"x"}', documents, { collation })).toEqual(['{"a":"X"}'])
    expect(matching('{"a":{"$in":["x","p","q","r"]}}', documents, { collation })).toEqual(['{"a":"X"}'])
    expect(matching('{"a":{"$lt":"Y"}}', documents, { collation })).toEqual(['{"a":"X"}'])
  })

  it('sees the variables of a command in $expr', () => {
    expect(
      matching('{"$expr":{"$eq":["$a","$$wanted.x"]}}', ['{"a":1}', '{"a":2}'], {
        variables: new Map([['wanted', doc({ x: 2 })]]),
      }),
    ).toEqual(['{"a":2}'])
  })

  it('takes a sample by the random source', () => {
    const drawn = [0.1, 0.9]
    expect(matching('{"$sampleRate":0.5}', ['{"a":1}', '{"a":2}'], { random: () => drawn.shift() ?? 1 })).toEqual([
      '{"a":1}',
    ])
  })

  it.each<[string, number]>([
    ['{"$nope":1}', 2],
    ['{"a":{"$nope":1}}', 2],
    ['{"a":{"$gt":1,"b":2}}', 2],
    ['{"$text":{"$search":"x"}}', 115],
    ['{"a":{"$near":[0,0]}}', 115],
    ['{"$where":"1"}', 115],
    ['{"$and":[]}', 2],
    ['{"$or":{}}', 2],
    ['{"$and":[1]}', 2],
    ['{"a":{"$in":1}}', 2],
    ['{"a":{"$in":[{"$gt":1}]}}', 2],
    ['{"a":{"$size":-1}}', 2],
    ['{"a":{"$size":1.5}}', 2],
    ['{"a":{"$mod":[0,1]}}', 2],
    ['{"a":{"$mod":[1]}}', 2],
    ['{"a":{"$not":1}}', 2],
    ['{"a":{"$not":{}}}', 2],
    ['{"a":{"$all":1}}', 2],
    ['{"a":{"$elemMatch":1}}', 2],
    ['{"a":{"$type":"nope"}}', 2],
    ['{"a":{"$type":[]}}', 9],
    ['{"a":{"$options":"i"}}', 2],
    ['{"a":{"$regex":1}}', 2],
    ['{"a":{"$regex":"("}}', 51091],
    ['{"a":{"$gt":{"$regularExpression":{"pattern":"x","options":""}}}}', 2],
    ['{"a":{"$bitsAllSet":-1}}', 9],
    ['{"a":{"$bitsAllSet":[-1]}}', 2],
    ['{"$expr":{"$nope":1}}', 168],
    ['{"$jsonSchema":{"nope":1}}', 9],
    ['{"$jsonSchema":1}', 14],
    ['{"$alwaysTrue":2}', 9],
    ['{"$sampleRate":2}', 2],
  ])('refuses %s with code %i', (filter, code) => {
    expect(codeOf(() => compileFilter(jsonDoc(filter), testContext()))).toBe(code)
  })

  it('leaves the document as it is', () => {
    const document: Doc = jsonDoc('{"a":[{"b":1}]}')
    compileFilter(jsonDoc('{"a.b":1}'), testContext())(document)
    expect(document).toEqual(jsonDoc('{"a":[{"b":1}]}'))
  })
})
