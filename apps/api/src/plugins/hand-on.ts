import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '@stage0/engine'
import { looselyOf, stepsOf } from '../http/address-steps.ts'
import { answerHeaders, requestHeaders } from '../http/handed-on-headers.ts'
import { upstreamAt, UpstreamLetGo, UpstreamSlow, type Upstream } from '../http/upstream.ts'
import { HttpProblem } from '../http-problem.ts'
import { METRICS_ADDRESSES } from '../routes/service/metrics.ts'
import { CORRELATION_HEADER } from './correlation.ts'

/** What the service answers besides the console, for people. */
const PATHS = ['/api', '/docs'] as const
/** Its metrics are for those who reach the service itself, wherever it has them. */
const KEPT = new Set(Object.values(METRICS_ADDRESSES).map((address) => looselyOf(address)))
const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']

/**
 * Hands requests for the API on to where it is, as they are: with the name that the browser asked for, by which the service knows pages of
 * its own origin, and with the id of the request. Nothing is repeated: what is unavailable says so, and the caller decides.
 */
export async function handOn(app: FastifyInstance, address: string, patience: Patience): Promise<void> {
  const upstream = upstreamAt(address)
  endStreamsAtClose(app)
  letGoAtClose(app, upstream, patience)
  // What a body may be is for the service to say: here none is read.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const target = targetOf(request)
    try {
      return await answerFrom(upstream, target, request, reply)
    } catch (error) {
      // Nobody is there any more to be told.
      if (reply.raw.destroyed || request.raw.socket.destroyed) return reply.hijack()
      if (!request.raw.complete) reply.header('connection', 'close')
      if (error instanceof UpstreamLetGo) {
        throw new HttpProblem('SERVICE_BUSY', 'The console is ending, and the API had not begun to answer.')
      }
      throw unreachable(address, error)
    }
  }
  for (const path of PATHS) for (const url of [path, `${path}/*`]) app.route({ method: METHODS, url, handler })
}

/** How long an ending console waits for answers of the API that have not begun, in milliseconds. */
export interface Patience {
  readonly ms: number
  readonly sleep: Clock['sleep']
}

/** An API that never answers must not keep the console until its own end is forced: who asks is told in time. */
function letGoAtClose(app: FastifyInstance, upstream: Upstream, { ms, sleep }: Patience): void {
  const closed = new AbortController()
  app.addHook('preClose', async () => void sleep(ms, closed.signal).then(upstream.letGo))
  app.addHook('onClose', async () => {
    closed.abort()
    upstream.close()
  })
}

async function answerFrom(
  upstream: Upstream,
  target: string,
  { id, raw }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const headers = { ...requestHeaders(raw.headers), [CORRELATION_HEADER]: id }
  const got = await upstream.ask({ raw, answer: reply.raw }, target, headers)
  const { statusCode = 0 } = got
  if (statusCode < 200 || statusCode > 599) {
    got.destroy()
    throw new Error(`It answered with the status ${statusCode}.`)
  }
  reply.code(statusCode).headers({ ...answerHeaders(got.headers), [CORRELATION_HEADER]: id })
  // The rest of the body is not waited for, and would be taken for the next request.
  if (!raw.complete) reply.header('connection', 'close')
  return reply.send(got)
}

/** Path and query to ask for: as they were sent, if nobody on the way can take them for what is outside of the paths above, or is kept. */
function targetOf({ raw: { url = '', headers } }: FastifyRequest): string {
  // Without it the service would see its own name, which is always one of those that it answers to.
  if ((headers.host ?? '') === '') throw new HttpProblem('REQUEST_INVALID', 'The request has no header Host.')
  // Of other codings the body would be taken for plain behind us: who is behind is told of chunks alone (RFC 9112, 6.1).
  if (!/^(?:chunked)?$/i.test((headers['transfer-encoding'] ?? '').trim())) {
    throw new HttpProblem('REQUEST_INVALID', 'The only transfer coding is chunked.', { status: 501 })
  }
  const [target = ''] = url.split('#', 1)
  const [path = ''] = target.split('?', 1)
  const steps = stepsOf(path)
  if (steps === undefined) {
    throw new HttpProblem('REQUEST_INVALID', 'The address is not valid: a percent sign does not begin a valid escape.')
  }
  if (!path.startsWith('/') || steps.some((step) => step === '.' || step === '..')) {
    throw new HttpProblem('REQUEST_INVALID', 'The address has steps that lead elsewhere.')
  }
  if (KEPT.has(looselyOf(path))) throw new HttpProblem('ROUTE_UNKNOWN', 'There is nothing at this address.')
  return target
}

/** A stream of events ends only with its page: an ending server would wait for it in vain, and the page asks anew. */
function endStreamsAtClose(app: FastifyInstance): void {
  const streams = new Set<ServerResponse>()
  app.addHook('onSend', async (_request, reply) => {
    const { raw } = reply
    if (!String(reply.getHeader('content-type')).startsWith('text/event-stream')) return
    streams.add(raw)
    raw.once('close', () => streams.delete(raw))
  })
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })
}

/** Where the API is, and what is wrong there, is for the log: who asks may be anybody. */
function unreachable(address: string, error: unknown): HttpProblem {
  const isSlow = error instanceof UpstreamSlow
  const cause = new Error(`The API at ${address} does not answer.`, { cause: error })
  const text = isSlow ? 'The API did not answer in time.' : 'The API cannot be reached.'
  return new HttpProblem('API_UNREACHABLE', text, { status: isSlow ? 504 : 502, cause })
}
