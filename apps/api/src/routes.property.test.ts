import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDeep } from '@stage0/testkit'
import { testApp, type TestApp } from './testing/test-app.ts'

interface Parameter {
  readonly name: string
  readonly in: string
}
interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: object
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const ends: (() => Promise<void>)[] = []
let service: TestApp
beforeAll(async () => {
  service = await testApp({ settings: { RATE_LIMIT: '0' }, atEnd: (end) => void ends.unshift(end) })
})
afterAll(async () => {
  for (const end of ends) await end()
})

/** Values that lead past the first check of a route as often as strange ones do not. */
const word = fc.oneof(
  fc.constantFrom(
    'user',
    'organization',
    'user.yaml',
    'user.1.0.0.yaml',
    'latest',
    'live',
    '1.0.0.1',
    'json_schema',
    'bson_schema',
  ),
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '99999999999999999999',
    'true',
    'NaN',
    '',
    '__proto__',
    '*',
    '$where',
    '[object Object]',
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const body = fc.oneof(
  fc.constant({}),
  fc.record({
    scope: fc.record(
      { collections: fc.array(word, { maxLength: 3 }), versions: fc.dictionary(word, word, { maxKeys: 3 }) },
      { requiredKeys: [] },
    ),
  }),
  fc.record(
    { plan_hash: fc.oneof(word, fc.constant('0'.repeat(64))), confirm: word, mode: word },
    { requiredKeys: [] },
  ),
  fc.record({ database: word }),
  fc.jsonValue(),
)
const accept = fc.constantFrom(
  'application/json',
  'application/yaml',
  'text/markdown',
  'text/event-stream',
  '*/*',
  'nonsense',
  'application/sarif+json',
)

function requestFor(
  method: string,
  path: string,
  { parameters = [], requestBody }: Operation,
): fc.Arbitrary<InjectOptions> {
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([place]) => place)
  return fc
    .record({
      // A step of one or two dots is taken out of an address by whoever sends it: that would ask another route.
      names: fc.tuple(...names.map(() => word.filter((text) => !['', '.', '..'].includes(text)))),
      query: fc.dictionary(fc.oneof(...(query.length > 0 ? [fc.constantFrom(...query)] : []), word), word, {
        maxKeys: 4,
      }),
      payload: body,
      accept,
    })
    .map(({ names: values, query: asked, payload, accept: type }) => ({
      method: method.toUpperCase() as 'GET',
      url: `${names.reduce((url, place, i) => url.replace(place, () => encodeURIComponent(values[i] ?? '')), path)}?${new URLSearchParams(asked).toString()}`,
      headers: { accept: type },
      ...(requestBody === undefined
        ? {}
        : { payload: payload as object, headers: { accept: type, 'content-type': 'application/json' } }),
    }))
}

describe('every route', () => {
  it('W-45: answers generated requests as its contract says, and none with 500', async () => {
    const { paths } = service.app.swagger() as unknown as Document
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        await fc.assert(
          fc.asyncProperty(requestFor(method, path, operation), async (request) => {
            const response = await service.inject(request)
            expect(response.statusCode === 500 ? response.body : '').toBe('')
          }),
          { numRuns: isDeep ? 400 : 15 },
        )
      }
    }
  })
})
