import { Doc, docOf, isArray, type Value } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { compilePipeline } from './compile-pipeline.ts'
import type { EvaluationContext } from './contract.ts'
import { testContext } from './testing/context.ts'
import { codeOf } from './testing/expect-error.ts'
import { canonical, json } from './testing/json.ts'

const list = (text: string): readonly Value[] => {
  const value = json(text)
  return isArray(value) ? value : [value]
}

const COLLECTIONS: Readonly<Record<string, string>> = {
  orders: '[{"_id":1,"item":"a","n":2},{"_id":2,"item":"b","n":1},{"_id":3}]',
  tree: '[{"_id":1,"up":2},{"_id":2,"up":3},{"_id":3,"up":1}]',
}

const compile = (stages: string, changes: Partial<EvaluationContext> = {}): ReturnType<typeof compilePipeline> =>
  compilePipeline(list(stages), testContext(changes), {
    read: (collection) => list(COLLECTIONS[collection] ?? '[]') as readonly Doc[],
  })

const run = (stages: string, documents: string, changes: Partial<EvaluationContext> = {}): string =>
  canonical([...compile(stages, changes).run(list(documents) as readonly Doc[])])

describe('a pipeline', () => {
  it.each<[string, string, string, string]>([
    ['passes everything without stages', '[]', '[{"a":1}]', '[{"a":1}]'],
    [
      '$addFields merges documents and goes into arrays',
      '[{"$addFields":{"a":{"c":2},"l.x":"$n"}}]',
      '[{"a":{"b":1},"l":[{"y":1},5],"n":7}]',
      '[{"a":{"b":1,"c":2},"l":[{"y":1,"x":7},{"x":7}],"n":7}]',
    ],
    ['$set replaces a scalar on the way', '[{"$set":{"a.b":1}}]', '[{"a":5}]', '[{"a":{"b":1}}]'],
    ['$set of a missing value removes', '[{"$set":{"a":"$$REMOVE","b":"$zz"}}]', '[{"a":1,"b":1,"c":1}]', '[{"c":1}]'],
    [
      '$project puts computed fields last',
      '[{"$project":{"b":"$a","a":1}}]',
      '[{"_id":1,"a":2,"b":3}]',
      '[{"_id":1,"a":2,"b":2}]',
    ],
    [
      '$project computes inside',
      '[{"$project":{"_id":0,"a.c":"$x","a.b":1}}]',
      '[{"a":{"b":1,"d":2},"x":9}]',
      '[{"a":{"b":1,"c":9}}]',
    ],
    ['$unset removes several', '[{"$unset":["a","b.c"]}]', '[{"a":1,"b":[{"c":1,"d":2}]}]', '[{"b":[{"d":2}]}]'],
    ['$limit and $skip', '[{"$skip":1},{"$limit":1}]', '[{"a":1},{"a":2},{"a":3}]', '[{"a":2}]'],
    [
      '$sort is stable',
      '[{"$sort":{"a":-1}}]',
      '[{"a":1,"n":0},{"a":2},{"a":1,"n":1}]',
      '[{"a":2},{"a":1,"n":0},{"a":1,"n":1}]',
    ],
    [
      '$group by a document',
      '[{"$group":{"_id":{"x":"$x","y":"$y"},"n":{"$count":{}}}}]',
      '[{"x":1},{"x":1.0},{"y":1}]',
      '[{"_id":{"x":1},"n":2},{"_id":{"y":1},"n":1}]',
    ],
    [
      '$group accumulates',
      '[{"$group":{"_id":null,"s":{"$sum":"$n"},"p":{"$push":"$n"},"u":{"$addToSet":"$k"},"m":{"$min":"$n"},"f":{"$first":"$zz"},"o":{"$mergeObjects":"$o"}}}]',
      '[{"n":2,"k":1,"o":{"a":1}},{"n":1.5,"k":1.0},{"k":2,"o":{"a":2}}]',
      '[{"_id":null,"s":3.5,"p":[2,1.5],"u":[1,2],"m":1.5,"f":null,"o":{"a":2}}]',
    ],
    [
      '$group ranks',
      '[{"$group":{"_id":null,"t":{"$top":{"sortBy":{"n":-1},"output":"$k"}},"b":{"$bottomN":{"sortBy":{"n":-1},"output":"$k","n":1}},"x":{"$maxN":{"input":"$n","n":2}}}}]',
      '[{"n":1,"k":"a"},{"n":3,"k":"b"},{"n":2,"k":"c"}]',
      '[{"_id":null,"t":"b","b":["a"],"x":[3,2]}]',
    ],
    ['$count of nothing gives nothing', '[{"$match":{"a":9}},{"$count":"n"}]', '[{"a":1}]', '[]'],
    ['$count', '[{"$count":"n"}]', '[{"a":1}]', '[{"n":1}]'],
    [
      '$sortByCount',
      '[{"$sortByCount":"$a"}]',
      '[{"a":1},{"a":2},{"a":2}]',
      '[{"_id":2,"count":2},{"_id":1,"count":1}]',
    ],
    [
      '$unwind drops empty and missing',
      '[{"$unwind":"$a"}]',
      '[{"a":[1,2]},{"a":[]},{},{"a":null},{"a":5}]',
      '[{"a":1},{"a":2},{"a":5}]',
    ],
    [
      '$unwind keeps them when asked',
      '[{"$unwind":{"path":"$a","preserveNullAndEmptyArrays":true,"includeArrayIndex":"i"}}]',
      '[{"a":["x"]},{"a":[]},{"a":null}]',
      '[{"a":"x","i":{"$numberLong":"0"}},{"i":null},{"a":null,"i":null}]',
    ],
    [
      '$replaceRoot',
      '[{"$replaceRoot":{"newRoot":{"$mergeObjects":[{"z":0},"$a"]}}}]',
      '[{"a":{"b":1}}]',
      '[{"z":0,"b":1}]',
    ],
    [
      '$lookup by fields',
      '[{"$lookup":{"from":"orders","localField":"k","foreignField":"item","as":"o"}},{"$project":{"n":{"$size":"$o"}}}]',
      '[{"_id":1,"k":["a","b"]},{"_id":2}]',
      '[{"_id":1,"n":2},{"_id":2,"n":1}]',
    ],
    [
      '$lookup by pipeline and variables',
      '[{"$lookup":{"from":"orders","let":{"least":"$m"},"pipeline":[{"$match":{"$expr":{"$gte":["$n","$$least"]}}},{"$project":{"_id":1}}],"as":"o"}}]',
      '[{"m":2},{"m":1}]',
      '[{"m":2,"o":[{"_id":1}]},{"m":1,"o":[{"_id":1},{"_id":2}]}]',
    ],
    [
      '$lookup by both',
      '[{"$lookup":{"from":"orders","localField":"k","foreignField":"item","pipeline":[{"$project":{"n":1,"_id":0}}],"as":"o"}}]',
      '[{"k":"b"}]',
      '[{"k":"b","o":[{"n":1}]}]',
    ],
    [
      '$graphLookup ends in a circle',
      '[{"$graphLookup":{"from":"tree","startWith":"$_id","connectFromField":"up","connectToField":"_id","as":"way","depthField":"d","maxDepth":5}},{"$project":{"way":"$way._id"}}]',
      '[{"_id":1}]',
      '[{"_id":1,"way":[1,2,3]}]',
    ],
    ['$unionWith', '[{"$unionWith":"orders"},{"$count":"n"}]', '[{"a":1}]', '[{"n":4}]'],
    [
      '$facet',
      '[{"$facet":{"a":[{"$limit":1}],"b":[{"$count":"n"}]}}]',
      '[{"x":1},{"x":2}]',
      '[{"a":[{"x":1}],"b":[{"n":2}]}]',
    ],
    [
      '$bucket',
      '[{"$bucket":{"groupBy":"$a","boundaries":[0,5,10],"default":"other","output":{"l":{"$push":"$a"}}}}]',
      '[{"a":7},{"a":1},{"a":5},{}]',
      '[{"_id":0,"l":[1]},{"_id":5,"l":[7,5]},{"_id":"other","l":[]}]',
    ],
    [
      '$bucketAuto keeps equal values together',
      '[{"$bucketAuto":{"groupBy":"$a","buckets":2}}]',
      '[{"a":1},{"a":2},{"a":2},{"a":3}]',
      '[{"_id":{"min":1,"max":3},"count":3},{"_id":{"min":3,"max":3},"count":1}]',
    ],
    [
      '$redact prunes inside',
      '[{"$redact":{"$cond":[{"$eq":["$level",5]},"$$PRUNE","$$DESCEND"]}}]',
      '[{"a":[{"level":5},{"level":1}],"b":{"level":5}}]',
      '[{"a":[{"level":1}]}]',
    ],
    [
      '$setWindowFields ranks in partitions',
      '[{"$setWindowFields":{"partitionBy":"$p","sortBy":{"n":1},"output":{"r":{"$rank":{}},"prev":{"$shift":{"output":"$n","by":-1}}}}}]',
      '[{"p":1,"n":2},{"p":2,"n":1},{"p":1,"n":1}]',
      '[{"p":1,"n":1,"r":1,"prev":null},{"p":1,"n":2,"r":2,"prev":1},{"p":2,"n":1,"r":1,"prev":null}]',
    ],
    [
      '$setWindowFields over neighbours',
      '[{"$setWindowFields":{"sortBy":{"n":1},"output":{"s":{"$sum":"$n","window":{"documents":[-1,1]}}}}}]',
      '[{"n":1},{"n":2},{"n":3}]',
      '[{"n":1,"s":3},{"n":2,"s":6},{"n":3,"s":5}]',
    ],
    [
      '$densify dates',
      '[{"$densify":{"field":"d","range":{"step":1,"unit":"month","bounds":"full"}}}]',
      '[{"d":{"$date":"2020-01-31T00:00:00Z"}},{"d":{"$date":"2020-03-31T00:00:00Z"}}]',
      '[{"d":{"$date":"2020-01-31T00:00:00Z"}},{"d":{"$date":"2020-02-29T00:00:00Z"}},{"d":{"$date":"2020-03-31T00:00:00Z"}}]',
    ],
    [
      '$fill carries forward and interpolates',
      '[{"$fill":{"sortBy":{"t":1},"output":{"a":{"method":"locf"},"b":{"method":"linear"}}}}]',
      '[{"t":1,"a":1,"b":0},{"t":2},{"t":3,"b":4}]',
      '[{"t":1,"a":1,"b":0},{"t":2,"a":1,"b":2.0},{"t":3,"b":4,"a":1}]',
    ],
    ['$documents', '[{"$documents":[{"a":{"$add":[1,1]}}]}]', '[]', '[{"a":2}]'],
    [
      '$sample takes them all where there are fewer',
      '[{"$sample":{"size":5}},{"$count":"n"}]',
      '[{"a":1},{"a":2}]',
      '[{"n":2}]',
    ],
  ])('%s', (_name, stages, documents, expected) => {
    expect(run(stages, documents)).toBe(canonical(json(expected)))
  })

  it.each<[string, number]>([
    ['[1]', 14],
    ['[{}]', 40323],
    ['[{"$match":{},"$limit":1}]', 40323],
    ['[{"$nope":1}]', 40324],
    ['[{"$indexStats":{}}]', 40324],
    ['[{"$changeStream":{}}]', 40573],
    ['[{"$out":"x"},{"$match":{}}]', 40601],
    ['[{"$lookup":{"from":"x","as":"y","pipeline":[{"$out":"z"}]}}]', 51047],
    ['[{"$facet":{"a":[{"$merge":"x"}]}}]', 40600],
    ['[{"$facet":{"a":[{"$facet":{"b":[]}}]}}]', 40600],
    ['[{"$match":{}},{"$documents":[]}]', 40602],
    ['[{"$match":1}]', 15959],
    ['[{"$project":{}}]', 51272],
    ['[{"$project":{"a":1,"b":0}}]', 31254],
    ['[{"$addFields":{"a":1,"a.b":2}}]', 31249],
    ['[{"$addFields":{"$a":1}}]', 16410],
    ['[{"$unset":[]}]', 31119],
    ['[{"$limit":0}]', 15958],
    ['[{"$limit":-1}]', 2107201],
    ['[{"$skip":-1}]', 2107200],
    ['[{"$sort":{}}]', 15976],
    ['[{"$group":{"n":{"$sum":1}}}]', 15955],
    ['[{"$group":{"_id":1,"n":1}}]', 40234],
    ['[{"$group":{"_id":1,"n":{"$nope":1}}}]', 15952],
    ['[{"$group":{"_id":1,"a.b":{"$sum":1}}}]', 40235],
    ['[{"$count":""}]', 40157],
    ['[{"$unwind":"a"}]', 28818],
    ['[{"$unwind":{"path":"$a","nope":1}}]', 28811],
    ['[{"$lookup":{"from":"x","as":"y"}}]', 9],
    ['[{"$lookup":{"from":"x","as":"y","localField":"a"}}]', 9],
    ['[{"$lookup":{"from":"x","as":"y","localField":"a","foreignField":"b","nope":1}}]', 9],
    ['[{"$unionWith":{"coll":"x","nope":1}}]', 40415],
    ['[{"$bucket":{"groupBy":"$a","boundaries":[1]}}]', 40192],
    ['[{"$bucket":{"groupBy":"$a","boundaries":[2,1]}}]', 40194],
    ['[{"$sample":{"size":0}}]', 28747],
    ['[{"$merge":{"into":"x","whenMatched":"nope"}}]', 2],
    ['[{"$merge":{}}]', 40414],
    ['[{"$setWindowFields":{"output":{"n":{"$rank":{}}}}}]', 5371602],
    ['[{"$setWindowFields":{"sortBy":{"a":1},"output":{"n":{"$sum":1,"window":{"range":[0,1]}}}}}]', 115],
  ])('refuses %s with code %i', (stages, code) => {
    expect(codeOf(() => compile(stages))).toBe(code)
  })

  it('can run again, with nothing kept from before', () => {
    const pipeline = compile('[{"$group":{"_id":null,"n":{"$sum":1}}},{"$limit":1}]')
    const input = list('[{"a":1}]') as readonly Doc[]
    expect(canonical([...pipeline.run(input)])).toBe(canonical([...pipeline.run(input)]))
  })

  it('tells how it ends', () => {
    expect(compile('[{"$match":{"a":1}},{"$out":"x"}]').end).toEqual({
      kind: 'out',
      database: undefined,
      collection: 'x',
    })
    expect(compile('[{"$merge":{"into":{"db":"d","coll":"c"},"on":"k"}}]').end).toEqual({
      kind: 'merge',
      database: 'd',
      collection: 'c',
      on: ['k'],
      whenMatched: 'merge',
      whenNotMatched: 'insert',
    })
  })

  it('names its leading match', () => {
    expect(compile('[{"$match":{"a":1}},{"$limit":1}]').leadingMatch).toEqual(docOf([['a', 1]]))
    expect(compile('[{"$limit":1}]').leadingMatch).toBeUndefined()
  })

  it('looks at the clock every 1,000 documents', () => {
    let looks = 0
    const documents = Array.from({ length: 2500 }, () => new Doc(['a'], [1]))
    const pipeline = compile('[{"$match":{}}]', { checkTime: () => void looks++ })
    expect([...pipeline.run(documents)]).toHaveLength(2500)
    expect(looks).toBe(2)
  })

  it('reads no more than a limit needs', () => {
    let read = 0
    const documents = (function* () {
      for (;;) {
        read++
        yield new Doc(['a'], [read])
      }
    })()
    expect([...compile('[{"$limit":3}]').run(documents)]).toHaveLength(3)
    expect(read).toBe(3)
  })
})
