import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { dropDatabase } from '@stage0/engine'
import { DropRequest, DropResult } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { problemResponses } from '../../http/problem-responses.ts'
import { refusal } from '../../runs/run-problems.ts'
import { targetProblem } from '../../target-problem.ts'
import { modeOf } from '../service/mode.ts'

const WAYS = [
  { method: 'DELETE', url: '/api/database', operationId: 'deleteDatabase' },
  // For clients that cannot send a body with DELETE.
  { method: 'POST', url: '/api/database/drop', operationId: 'dropDatabase' },
] as const

/** Drops the database: only in local mode, where enabled, with its name typed, while no collection holds much; each refusal says why. */
export const databaseRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  const { settings } = deps
  for (const { method, url, operationId } of WAYS) {
    app.route({
      method,
      url,
      schema: {
        operationId,
        tags: ['database'],
        summary: 'Drop the database with everything in it',
        description:
          'Refused outside of local mode, unless ENABLE_DROP_DATABASE is true, unless the body names the database, while a collection holds ' +
          'more documents than MONGODB_DROP_SAFETY, and while a run is at work.',
        body: DropRequest,
        response: { 200: DropResult, ...problemResponses(409, 422, 503) },
      },
      handler: async ({ body }, reply) => {
        const target = await deps.target.open()
        if (!target.ok) throw targetProblem(target.error)
        const dropped = await dropDatabase({
          target: target.value,
          database: settings.MONGO_DB_NAME.value,
          confirm: body.database,
          localMode: modeOf(settings).mode === 'local',
          enabled: settings.ENABLE_DROP_DATABASE.value,
          safety: settings.MONGODB_DROP_SAFETY.value,
          holder: deps.holder(`${method} ${url}`, deps.newId()),
          leaseMs: settings.STAGE0_LEASE_MS.value,
          isGone: deps.isGone,
          clock: deps.clock,
          signal: app.runs.closing,
        })
        deps.target.forget()
        if (!dropped.ok) throw refusal(dropped.error)
        const { database, collections } = dropped.value
        return reply.send({ database, dropped: true, collections: [...collections] })
      },
    })
  }
}
