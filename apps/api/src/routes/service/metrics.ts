import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { planChanges } from '@stage0/core'
import type { AppDeps } from '../../deps.ts'
import { within } from '../../http/within.ts'
import type { ServiceMetrics, Standing } from '../../metrics.ts'

const LOOK_MS = 1500
const MAX_AGE_MS = 10_000
const TEXT = 'text/plain; version=0.0.4; charset=utf-8'

const UNKNOWN: Standing = { databaseUp: false, states: new Map(), isLocked: undefined }

/** Where the numbers are: `/api/health` is where the first implementation has them. */
export const METRICS_ADDRESSES = { readMetrics: '/metrics', readHealthMetrics: '/api/health' } as const

/** Numbers for Prometheus. */
export const metricsRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps; metrics: ServiceMetrics }> = async (
  app,
  { deps, metrics },
) => {
  for (const [operationId, url] of Object.entries(METRICS_ADDRESSES)) {
    app.get(
      url,
      {
        config: { rateLimit: false },
        schema: {
          operationId,
          tags: ['service'],
          summary: 'Numbers about process, requests, runs, lock and drift, as Prometheus reads them',
          response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: Type.String() } } } },
        },
      },
      async (_request, reply) => {
        const standing = await within(deps.clock, LOOK_MS, readStanding(deps), UNKNOWN)
        return reply.type(TEXT).send(await metrics.expose(standing))
      },
    )
  }
}

/** Where the database stands, seen not long ago; asking for numbers must not become load. */
async function readStanding({ target, snapshots, settings }: AppDeps): Promise<Standing> {
  const [seen, opened] = await Promise.all([target.observe(MAX_AGE_MS), target.open()])
  if (!seen.ok || !opened.ok) return UNKNOWN
  const lock = await opened.value.lock.read()
  const standing = { databaseUp: true, isLocked: lock.ok ? lock.value !== undefined : undefined }
  const { wanted } = await snapshots.current().catch(() => ({ wanted: undefined }))
  const states = new Map<string, number>()
  if (wanted === undefined) return { ...standing, states }
  const { collections } = planChanges(wanted, seen.value.observed, {
    environment: settings.ENVIRONMENT_NAME.value,
    loadTestData: settings.LOAD_TEST_DATA.value,
    records: {
      versions: settings.VERSION_COLLECTION_NAME.value,
      enumerators: settings.ENUMERATORS_COLLECTION_NAME.value,
    },
  })
  for (const { state } of collections) states.set(state, (states.get(state) ?? 0) + 1)
  return { ...standing, states }
}
