import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { collectionOf } from '@stage0/core'
import { LegacyEvent, RunStarted } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { problemResponses } from '../../http/problem-responses.ts'
import { HttpProblem } from '../../http-problem.ts'
import { KeyHeaders } from '../runs/run-queries.ts'
import { eventTree } from './event-tree.ts'

const RESPOND_ASYNC = 'respond-async'

const Headers = Type.Object({
  ...KeyHeaders.properties,
  prefer: Type.Optional(
    Type.String({ maxLength: 200, description: '`respond-async`: 202 as soon as the run has begun' }),
  ),
})
const Query = Type.Object({
  confirm: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'The name of the database, asked for where the environment is not local',
    }),
  ),
})

const RUN_STATUS = { 'X-Stage0-Run-Status': { type: 'string', description: 'How the run ended, in one word' } } as const
const RESPONSE = {
  200: {
    description: 'The run has ended: `status` is SUCCESS only if all of it succeeded, else FAILURE, at every level',
    headers: RUN_STATUS,
    content: { 'application/json': { schema: LegacyEvent } },
  },
  202: {
    description: 'The run has begun; `Location` is where it can be followed',
    headers: { Location: { type: 'string' }, 'Preference-Applied': { type: 'string' } },
    content: { 'application/json': { schema: RunStarted } },
  },
  ...problemResponses(404, 409, 422, 503),
} as const

interface Request {
  readonly collections?: readonly string[]
  readonly command: string
  readonly confirm: string | undefined
  readonly prefer: string | undefined
  readonly key: string | undefined
}

/**
 * How scripts made for the first implementation start a run: one call that waits for its end. A client that goes away does not stop
 * the run; one that does not want to wait says `Prefer: respond-async`.
 */
export const legacyRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  const { runs } = app

  app.post(
    '/api/configurations',
    {
      schema: {
        operationId: 'processConfigurations',
        tags: ['runs'],
        summary: 'Apply everything and wait for the end, as scripts of the first implementation do',
        querystring: Query,
        headers: Headers,
        response: RESPONSE,
      },
    },
    async ({ query, headers }, reply) =>
      answer(reply, {
        command: 'POST /api/configurations',
        confirm: query.confirm,
        prefer: headers.prefer,
        key: headers['idempotency-key'],
      }),
  )

  app.post(
    '/api/configurations/:file',
    {
      schema: {
        operationId: 'processConfiguration',
        tags: ['runs'],
        summary: 'Apply one configuration and wait for the end, as scripts of the first implementation do',
        params: Type.Object({ file: Type.String({ description: 'Name with extension' }) }),
        querystring: Query,
        headers: Headers,
        response: RESPONSE,
      },
    },
    async ({ params: { file }, query, headers }, reply) =>
      answer(reply, {
        collections: [await collectionFor(file)],
        command: `POST /api/configurations/${file}`,
        confirm: query.confirm,
        prefer: headers.prefer,
        key: headers['idempotency-key'],
      }),
  )

  /** The collection that a configuration file is for. */
  async function collectionFor(file: string): Promise<string> {
    const { files } = await deps.snapshots.current()
    if (files.some(({ folder, name }) => folder === 'configurations' && name === file)) return collectionOf(file)
    throw new HttpProblem('FILE_NOT_FOUND', `There is no configuration "${file}".`)
  }

  async function answer(reply: FastifyReply, request: Request): Promise<void> {
    const { collections, command, confirm, prefer, key } = request
    const scope = collections === undefined ? {} : { collections: [...collections] }
    const started = await runs.begin({ scope, command, confirm, idempotencyKey: key })
    reply.header('location', `/api/runs/${started.run_id}`)
    if (asksForAsync(prefer)) {
      await reply.code(202).header('preference-applied', RESPOND_ASYNC).send(started)
      return
    }
    const snapshot = await runs.ended(started.run_id)
    await reply.header('x-stage0-run-status', snapshot.run.status).send(eventTree(snapshot))
  }
}

/** RFC 7240: preferences are listed with commas, their names in any case. */
const asksForAsync = (prefer: string | undefined): boolean =>
  (prefer ?? '').split(',').some((one) => one.trim().toLowerCase() === RESPOND_ASYNC)
