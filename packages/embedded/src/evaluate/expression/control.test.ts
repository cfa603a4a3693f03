import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/expect-error.ts'
import { evaluate, wanted } from '../testing/evaluate.ts'

describe('expressions: paths, variables, conditions, comparison', () => {
  it.each<[string, string, string]>([
    ['"$a.b"', '{"a":[{"b":1},5,{"c":1},[{"b":2}]]}', '[1]'],
    ['"$a.b"', '{"a":5}', 'missing'],
    ['"$$ROOT.a"', '{"a":1}', '1'],
    ['"$$CURRENT.a"', '{"a":1}', '1'],
    ['"$$REMOVE"', '{}', 'missing'],
    ['"$$NOW"', '{}', '{"$date":"2026-01-02T03:04:05.678Z"}'],
    ['{"x":"$zz","y":["$zz"]}', '{}', '{"y":[null]}'],
    ['{"$literal":"$a"}', '{"a":1}', '"$a"'],
    ['{"$let":{"vars":{"x":1,"y":"$a"},"in":{"$let":{"vars":{"x":"$$y"},"in":["$$x","$$y"]}}}}', '{"a":7}', '[7,7]'],
    [
      '{"$map":{"input":[1,2],"as":"o","in":{"$map":{"input":[10],"in":{"$add":["$$o","$$this"]}}}}}',
      '{}',
      '[[11],[12]]',
    ],
    ['{"$map":{"input":"$zz","in":1}}', '{}', 'null'],
    ['{"$filter":{"input":[1,2,3],"cond":{"$gt":["$$this",1]},"limit":1}}', '{}', '[2]'],
    ['{"$reduce":{"input":["a","b"],"initialValue":"","in":{"$concat":["$$value","$$this"]}}}', '{}', '"ab"'],
    ['{"$cond":{"if":"$a","then":1,"else":2}}', '{"a":0.0}', '2'],
    ['{"$cond":[{"$numberDouble":"NaN"},1,2]}', '{}', '1'],
    ['{"$ifNull":["$a","$b",3]}', '{"a":null}', '3'],
    ['{"$switch":{"branches":[{"case":{"$eq":["$a",1]},"then":"x"}],"default":"y"}}', '{"a":1}', '"x"'],
    ['{"$and":[]}', '{}', 'true'],
    ['{"$or":[null,0]}', '{}', 'false'],
    ['{"$not":["$zz"]}', '{}', 'true'],
    ['{"$lt":["$zz",null]}', '{}', 'true'],
    ['{"$cmp":["b","a"]}', '{}', '1'],
    ['{"$ne":[{"$numberDecimal":"0.1"},0.1]}', '{}', 'true'],
    ['{"$type":{"$numberLong":"1"}}', '{}', '"long"'],
    ['{"$isNumber":"1"}', '{}', 'false'],
    ['{"$allElementsTrue":[[1,true]]}', '{}', 'true'],
    ['{"$anyElementTrue":[[0,null]]}', '{}', 'false'],
    ['{"$mergeObjects":["$a",{"y":2}]}', '{"a":{"x":1,"y":1}}', '{"x":1,"y":2}'],
    ['{"$getField":{"field":{"$literal":"$x.y"},"input":"$a"}}', '{"a":{"$x.y":1}}', '1'],
    ['{"$getField":"b"}', '{"b":1}', '1'],
    ['{"$setField":{"field":"a.b","input":{},"value":1}}', '{}', '{"a.b":1}'],
    ['{"$unsetField":{"field":"a","input":"$$ROOT"}}', '{"a":1,"b":2}', '{"b":2}'],
  ])('%s on %s', (expression, document, expected) => {
    expect(evaluate(expression, document)).toBe(wanted(expected))
  })

  it.each<[string, number]>([
    ['{"$nope":1}', 168],
    ['{"$add":[1,1],"b":1}', 15983],
    ['{"b":1,"$add":[1,1]}', 15983],
    ['{"a.b":1}', 16410],
    ['"$"', 16872],
    ['"$a..b"', 15998],
    ['"$$nope"', 17276],
    ['"$$CLUSTER_TIME"', 51144],
    ['{"$let":{"vars":{"X":1},"in":1}}', 9],
    ['{"$let":{"in":1}}', 16876],
    ['{"$cond":[1,2]}', 16020],
    ['{"$cond":{"if":1,"then":2}}', 17082],
    ['{"$switch":{"branches":[]}}', 40068],
    ['{"$map":{"input":1,"in":1}}', 16883],
    ['{"$filter":{"input":[],"cond":true,"nope":1}}', 28647],
    ['{"$reduce":{"input":[],"in":1}}', 40078],
    ['{"$mergeObjects":[1]}', 40400],
    ['{"$eq":[1]}', 16020],
    ['{"$setField":{"field":"$a","input":{},"value":1}}', 4161108],
  ])('refuses %s with code %i', (expression, code) => {
    expect(codeOf(() => evaluate(expression))).toBe(code)
  })

  it('reports the error of a constant before any document is read, even in a branch that is not taken', () => {
    expect(codeOf(() => evaluate('{"$cond":[false,{"$divide":[1,0]},1]}'))).toBe(2)
  })
})
