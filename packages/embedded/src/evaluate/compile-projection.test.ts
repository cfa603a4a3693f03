import { describe, expect, it } from 'vitest'
import { compileProjection } from './compile-projection.ts'
import { testContext } from './testing/context.ts'
import { codeOf } from './testing/expect-error.ts'
import { canonical, jsonDoc } from './testing/json.ts'

const project = (spec: string, document: string, filter = '{}'): string =>
  canonical(compileProjection(jsonDoc(spec), testContext(), jsonDoc(filter))(jsonDoc(document)))

describe('the projection of find', () => {
  it.each<[string, string, string, string]>([
    ['keeps everything without fields', '{}', '{"_id":1,"a":2}', '{"_id":1,"a":2}'],
    ['includes in the order of the document', '{"b":1,"a":1}', '{"_id":1,"a":2,"b":3,"c":4}', '{"_id":1,"a":2,"b":3}'],
    ['leaves _id out', '{"a":1,"_id":0}', '{"_id":1,"a":2}', '{"a":2}'],
    ['excludes', '{"a":0}', '{"_id":1,"a":2,"b":3}', '{"_id":1,"b":3}'],
    ['excludes _id alone', '{"_id":0}', '{"_id":1,"a":2}', '{"a":2}'],
    ['keeps _id alone', '{"_id":1}', '{"_id":1,"a":2}', '{"_id":1}'],
    [
      'includes inside arrays and drops what is no document',
      '{"a.b":1}',
      '{"_id":1,"a":[{"b":1,"c":2},5,[{"b":3}]]}',
      '{"_id":1,"a":[{"b":1},[{"b":3}]]}',
    ],
    ['drops a scalar on the way', '{"a.b":1}', '{"_id":1,"a":5}', '{"_id":1}'],
    [
      'excludes inside arrays and keeps what is no document',
      '{"a.b":0}',
      '{"_id":1,"a":[{"b":1,"c":2},5]}',
      '{"_id":1,"a":[{"c":2},5]}',
    ],
    ['takes nested specifications', '{"a":{"b":1}}', '{"_id":1,"a":{"b":1,"c":2}}', '{"_id":1,"a":{"b":1}}'],
    ['computes', '{"n":{"$add":["$a",1]}}', '{"_id":1,"a":2}', '{"_id":1,"n":3}'],
    ['slices and keeps the rest', '{"a":{"$slice":-2}}', '{"_id":1,"a":[1,2,3],"b":1}', '{"_id":1,"a":[2,3],"b":1}'],
    ['slices with a skip', '{"a":{"$slice":[1,1]}}', '{"_id":1,"a":[1,2,3]}', '{"_id":1,"a":[2]}'],
    [
      'slices in an inclusion',
      '{"a":{"$slice":1},"b":1}',
      '{"_id":1,"a":[1,2,3],"b":1,"c":1}',
      '{"_id":1,"a":[1],"b":1}',
    ],
    [
      'takes the first match of $elemMatch',
      '{"a":{"$elemMatch":{"x":{"$gt":1}}}}',
      '{"_id":1,"a":[{"x":1},{"x":2},{"x":3}],"b":1}',
      '{"_id":1,"a":[{"x":2}]}',
    ],
    [
      'leaves the field out where $elemMatch finds nothing',
      '{"a":{"$elemMatch":{"x":9}}}',
      '{"_id":1,"a":[{"x":1}]}',
      '{"_id":1}',
    ],
  ])('%s', (_name, spec, document, expected) => {
    expect(project(spec, document)).toBe(canonical(jsonDoc(expected)))
  })

  it('takes the element that the query matched', () => {
    expect(project('{"a.$":1}', '{"_id":1,"a":[{"k":1},{"k":2}]}', '{"a.k":2}')).toBe(
      canonical(jsonDoc('{"_id":1,"a":[{"k":2}]}')),
    )
  })

  it.each<[string, number]>([
    ['{"a":1,"b":0}', 31254],
    ['{"a":0,"b":1}', 31253],
    ['{"a":0,"b":{"$add":[1,1]}}', 31252],
    ['{"a":1,"a.b":1}', 31249],
    ['{"a.b":1,"a":1}', 31250],
    ['{"a":{"$nope":1}}', 168],
    ['{"a":{}}', 51270],
    ['{"a.":1}', 40353],
    ['{"a":{"$meta":"textScore"}}', 115],
    ['{"a.$.b":1}', 31394],
    ['{"a":{"$elemMatch":1}}', 31274],
  ])('refuses %s with code %i', (spec, code) => {
    expect(codeOf(() => compileProjection(jsonDoc(spec), testContext()))).toBe(code)
  })
})
