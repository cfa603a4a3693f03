import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/expect-error.ts'
import { evaluate, wanted } from '../testing/evaluate.ts'

describe('expressions: arrays and sets', () => {
  it.each<[string, string]>([
    ['{"$arrayElemAt":[[1,2],-2]}', '1'],
    ['{"$arrayElemAt":[[1,2],5]}', 'missing'],
    ['{"$first":[[1,2]]}', '1'],
    ['{"$last":[[]]}', 'missing'],
    ['{"$concatArrays":[[1],[2,3]]}', '[1,2,3]'],
    ['{"$concatArrays":[[1],null]}', 'null'],
    ['{"$slice":[[1,2,3],-2]}', '[2,3]'],
    ['{"$slice":[[1,2,3],1,1]}', '[2]'],
    ['{"$in":[1.0,[1]]}', 'true'],
    ['{"$indexOfArray":[[1,2,1],1,1]}', '2'],
    ['{"$range":[5,0,-2]}', '[5,3,1]'],
    ['{"$reverseArray":[[1,2]]}', '[2,1]'],
    ['{"$zip":{"inputs":[[1,2],["a"]]}}', '[[1,"a"]]'],
    ['{"$zip":{"inputs":[[1,2],["a"]],"useLongestLength":true,"defaults":[0,"z"]}}', '[[1,"a"],[2,"z"]]'],
    ['{"$arrayToObject":[[["2","b"],["1","a"]]]}', '{"2":"b","1":"a"}'],
    ['{"$arrayToObject":[[{"k":"a","v":1}]]}', '{"a":1}'],
    ['{"$objectToArray":{"$literal":{"b":1,"a":2}}}', '[{"k":"b","v":1},{"k":"a","v":2}]'],
    ['{"$isArray":[[1]]}', 'true'],
    ['{"$sortArray":{"input":[3,"a",1.5],"sortBy":1}}', '[1.5,3,"a"]'],
    ['{"$sortArray":{"input":[{"a":1},{"a":2},{}],"sortBy":{"a":-1}}}', '[{"a":2},{"a":1},{}]'],
    ['{"$firstN":{"input":[1,2,3],"n":2}}', '[1,2]'],
    ['{"$lastN":{"input":[1,2,3],"n":2}}', '[2,3]'],
    ['{"$minN":{"input":[3,null,1],"n":2}}', '[1,3]'],
    ['{"$maxN":{"input":[3,null,1],"n":1}}', '[3]'],
    ['{"$setUnion":[[1,2],[2.0,3]]}', '[1,2,3]'],
    ['{"$setIntersection":[[1,2,2],[2.0,3]]}', '[2]'],
    ['{"$setDifference":[[1,2,1],[2]]}', '[1]'],
    ['{"$setEquals":[[1,2],[2,1,1]]}', 'true'],
    ['{"$setIsSubset":[[1],[1,2]]}', 'true'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(wanted(expected))
  })

  it('folds strings by the collation in sets', () => {
    const collation = new Intl.Collator('en', { sensitivity: 'base' }).compare
    expect(evaluate('{"$setUnion":[["a","b"],["B","A","c"]]}', '{}', { collation })).toBe(wanted('["a","b","c"]'))
  })

  it.each<[string, number]>([
    ['{"$size":"x"}', 17124],
    ['{"$size":"$zz"}', 17124],
    ['{"$arrayElemAt":[1,0]}', 28689],
    ['{"$concatArrays":[1]}', 28664],
    ['{"$slice":[[1],1,0]}', 28729],
    ['{"$slice":[[1]]}', 28667],
    ['{"$in":[1,1]}', 40081],
    ['{"$range":[0,1,0]}', 34449],
    ['{"$range":["a",1]}', 34443],
    ['{"$arrayToObject":[[["a"]]]}', 40397],
    ['{"$arrayToObject":[[1]]}', 40398],
    ['{"$objectToArray":1}', 40390],
    ['{"$firstN":{"input":[1],"n":0}}', 5787908],
    ['{"$setUnion":[1]}', 17043],
    ['{"$setIsSubset":[1,[1]]}', 17046],
    ['{"$zip":{"inputs":[1]}}', 34468],
  ])('refuses %s with code %i', (expression, code) => {
    expect(codeOf(() => evaluate(expression))).toBe(code)
  })
})
