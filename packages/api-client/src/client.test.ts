import { describe, expect, expectTypeOf, it } from 'vitest'
import type {
  CollectionDetail,
  CollectionList,
  Graph,
  PlanRequest,
  PlanView,
  ProblemDetails,
  ProblemReport,
  Readiness,
  RunEventPage,
  RunList,
  RunRequest,
  RunSnapshot,
  RunStarted,
  SchemaView,
  ServiceConfig,
  VersionDetail,
} from '@stage0/types'
import { createApiClient } from './client.ts'
import type { components } from './schema.ts'

type Schemas = components['schemas']
/** Each is assignable to the other: what the document says is what the contract says. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

describe('the typed client', () => {
  it('knows the bodies as the contract declares them', () => {
    expectTypeOf<Same<Schemas['CollectionDetail'], CollectionDetail>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['CollectionList'], CollectionList>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['Graph'], Graph>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['PlanRequest'], PlanRequest>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['PlanView'], PlanView>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['ProblemDetails'], ProblemDetails>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['ProblemReport'], ProblemReport>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['Readiness'], Readiness>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['RunEventPage'], RunEventPage>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['RunList'], RunList>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['RunRequest'], RunRequest>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['RunSnapshot'], RunSnapshot>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['RunStarted'], RunStarted>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['SchemaView'], SchemaView>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['ServiceConfig'], ServiceConfig>>().toEqualTypeOf<true>()
    expectTypeOf<Same<Schemas['VersionDetail'], VersionDetail>>().toEqualTypeOf<true>()
  })

  it('puts names into paths and gives the problem of the service', async () => {
    const sent: string[] = []
    const client = createApiClient({
      baseUrl: 'http://127.0.0.1:8081',
      fetch: async (request) => {
        sent.push(`${request.method} ${request.url}`)
        const type = 'application/problem+json'
        return new Response('{"code":"RUN_UNKNOWN"}', { status: 404, headers: { 'content-type': type } })
      },
    })
    const { data, error } = await client.GET('/api/runs/{id}', { params: { path: { id: 'a/b' } } })
    expect(sent).toEqual(['GET http://127.0.0.1:8081/api/runs/a%2Fb'])
    expect([data, error]).toEqual([undefined, { code: 'RUN_UNKNOWN' }])
  })
})
