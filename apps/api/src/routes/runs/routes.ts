import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listRuns } from '@stage0/engine'
import { RunEventPage, RunList, RunMessage, RunPause, RunRequest, RunSnapshot, RunStarted } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { problemResponses } from '../../http/problem-responses.ts'
import { HttpProblem } from '../../http-problem.ts'
import { toLockView } from '../../runs/run-problems.ts'
import { StreamSlots } from '../../runs/stream-slots.ts'
import { targetProblem } from '../../target-problem.ts'
import { TOTAL_COUNT } from '../repository/list-query.ts'
import { streamRun } from './event-stream.ts'
import {
  DEFAULT_PAGE,
  EventsQuery,
  KeyHeaders,
  lastEventId,
  MAX_EVENTS,
  RunListQuery,
  RunParams,
} from './run-queries.ts'

/** A browser holds a few, a dashboard some dozen; beyond that somebody hoards. */
const STREAMS = { perClient: 256, inAll: 1024 }
const RETRY_AFTER_SECONDS = 5
const LOCATION = { Location: { type: 'string', description: 'The run' } } as const

/** Runs: begun, followed, paused, cancelled, looked up. A run goes on whoever asked for it and whoever listens. */
export const runRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  const { runs } = app
  const slots = new StreamSlots(STREAMS)

  app.post(
    '/api/runs',
    {
      schema: {
        operationId: 'startRun',
        tags: ['runs'],
        summary: 'Apply a plan',
        description:
          'With `plan_hash` exactly the reviewed plan of the same scope is applied or refused; without it whatever is planned now. ' +
          'Where the environment is not local, `confirm` must name the database. A database that needs nothing gets a run of no steps, ' +
          'which has ended when this is answered; without `plan_hash` and `Idempotency-Key` it is not recorded, and the service forgets it after a while.',
        headers: KeyHeaders,
        body: RunRequest,
        response: {
          202: {
            description: 'The run has begun; it goes on by itself',
            headers: LOCATION,
            content: { 'application/json': { schema: RunStarted } },
          },
          ...problemResponses(409, 422, 503),
        },
      },
    },
    async ({ body, headers }, reply) => {
      const { scope = {}, plan_hash, confirm, fail_fast } = body
      const started = await runs.begin({
        scope,
        planHash: plan_hash,
        confirm,
        failFast: fail_fast,
        idempotencyKey: headers['idempotency-key'],
        command: 'POST /api/runs',
      })
      reply.header('location', `/api/runs/${started.run_id}`)
      return reply.code(202).send(started)
    },
  )

  app.get(
    '/api/runs',
    {
      schema: {
        operationId: 'listRuns',
        tags: ['runs'],
        summary: 'Recorded runs, newest first, and who holds the lock',
        querystring: RunListQuery,
        response: {
          200: {
            description: 'A page of the runs',
            headers: TOTAL_COUNT,
            content: { 'application/json': { schema: RunList } },
          },
          ...problemResponses(503),
        },
      },
    },
    async ({ query: { status, collection, offset = 0, limit = DEFAULT_PAGE } }, reply) => {
      const target = await deps.target.open()
      const listed = target.ok ? await listRuns(target.value, { status, collection, offset, limit }) : target
      if (!listed.ok) throw targetProblem(listed.error)
      const { total, lock } = listed.value
      const items = await Promise.all(listed.value.runs.map((run) => runs.withPause(run)))
      reply.header('x-total-count', total)
      return reply.send({ items, ...(lock !== undefined && { lock: toLockView(lock) }) })
    },
  )

  app.get(
    '/api/runs/:id',
    {
      schema: {
        operationId: 'readRun',
        tags: ['runs'],
        summary: 'A run as it stands, with every step of its plan',
        params: RunParams,
        response: { 200: RunSnapshot, ...problemResponses(404, 503) },
      },
    },
    ({ params }) => runs.snapshot(params.id),
  )

  app.delete(
    '/api/runs/:id',
    {
      schema: {
        operationId: 'cancelRun',
        tags: ['runs'],
        summary: 'Cancel a run',
        description: 'It ends in order after the step that is under way, whichever process does it.',
        params: RunParams,
        response: {
          202: { description: 'It was asked to end', content: { 'application/json': { schema: RunSnapshot } } },
          ...problemResponses(404, 409, 503),
        },
      },
    },
    async ({ params }, reply) => reply.code(202).send(await runs.cancel(params.id)),
  )

  app.put(
    '/api/runs/:id/paused',
    {
      schema: {
        operationId: 'pauseRun',
        tags: ['runs'],
        summary: 'Pause a run, or let it go on',
        description:
          'It waits before its next step, or its next range of documents, whichever process does it, and keeps the lock meanwhile: ' +
          '`pause_requested` says what was asked for, `paused` that it waits. Asking for what is so already changes nothing.',
        params: RunParams,
        body: RunPause,
        response: {
          202: {
            description: 'It was asked to wait, or to go on',
            content: { 'application/json': { schema: RunSnapshot } },
          },
          ...problemResponses(404, 409, 503),
        },
      },
    },
    async ({ params, body }, reply) => reply.code(202).send(await runs.pause(params.id, body.paused)),
  )

  app.get(
    '/api/runs/:id/events',
    {
      sse: { kind: 'dual' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'readRunEvents',
        tags: ['runs'],
        summary: 'The events of a run: as a stream, or a page of them as JSON',
        description:
          'With `Accept: text/event-stream` a message `snapshot`, then each event with its number as `id`, until the run has ended. ' +
          '`Last-Event-ID`, or `after`, goes on behind that event. 204 where that was the last one: there is no reason to come back.',
        params: RunParams,
        querystring: EventsQuery,
        response: {
          200: {
            description: 'Events of the run',
            content: { 'text/event-stream': { schema: RunMessage }, 'application/json': { schema: RunEventPage } },
          },
          204: { description: 'The run has ended, and the client knows its last event', type: 'null' },
          ...problemResponses(404, 503),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { after, limit = MAX_EVENTS } = request.query
      // Without the stream the plugin leaves it away, whatever its type says.
      if (!('sse' in reply) || reply.sse === undefined) return reply.send(await runs.page(id, after ?? 0, limit))
      const from = lastEventId(request.headers['last-event-id']) ?? after
      const leave = slots.take(request.ip)
      if (leave === undefined) {
        reply.header('retry-after', RETRY_AFTER_SECONDS)
        throw new HttpProblem('TOO_MANY_REQUESTS', 'Too many connections follow runs already; close some of them.')
      }
      try {
        const { feed, release } = await runs.follow(id)
        try {
          if (feed.hasLastWord && from !== undefined && from >= feed.lastSeq) return reply.code(204).send(null)
          await streamRun(reply, { feed, after: from, closing: runs.closing, clock: deps.clock })
        } finally {
          release()
        }
      } finally {
        leave()
      }
    },
  )
}
