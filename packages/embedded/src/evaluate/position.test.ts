import { describe, expect, it } from 'vitest'
import { rootScope } from './expression/compile.ts'
import { compilePosition } from './position.ts'
import { testContext } from './testing/context.ts'
import { jsonDoc } from './testing/json.ts'

const position = (filter: string, document: string, path: string): number | undefined =>
  compilePosition(jsonDoc(filter), rootScope(testContext()))(jsonDoc(document), path.split('.'))

describe('the positional operator', () => {
  it.each<[string, string, string, number | undefined]>([
    ['{"a":2}', '{"a":[1,2,2]}', 'a', 1],
    ['{"a.k":{"$gt":1}}', '{"a":[{"k":1},{"k":2}]}', 'a', 1],
    ['{"a":{"$elemMatch":{"k":1,"l":2}}}', '{"a":[{"k":1},{"k":1,"l":2}]}', 'a', 1],
    ['{"x.a":1}', '{"x":{"a":[0,1]}}', 'x.a', 1],
    ['{"a":1,"b":2}', '{"a":[0,1],"b":[2]}', 'a', 1],
    ['{"a":1,"b":2}', '{"a":[0,1],"b":[2]}', 'b', 0],
    ['{"$and":[{"n":1},{"a":2}]}', '{"n":1,"a":[1,2]}', 'a', 1],
    ['{"b":2}', '{"a":[5,6],"b":[1,2]}', 'a', 1],
    ['{"n":1}', '{"n":1,"a":[1]}', 'a', undefined],
    ['{"a.0":1}', '{"a":[1]}', 'a', undefined],
  ])('of %s on %s at %s is %s', (filter, document, path, expected) => {
    expect(position(filter, document, path)).toBe(expected)
  })
})
