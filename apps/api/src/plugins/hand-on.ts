import type { ServerResponse } from 'node:http'
import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'
import { HttpProblem } from '../http-problem.ts'
import { CORRELATION_HEADER } from './correlation.ts'

/** What the service answers besides the console, for people: its metrics are for those who reach the service itself. */
const PATHS = ['/api', '/docs'] as const
/** The service says that it is alive every 15 s on a stream; a body that is silent for longer than this is none any more. */
const BODY_TIMEOUT_MS = 60_000
/** The service bounds its own work; this is for one that takes a request and never answers. */
const HEADERS_TIMEOUT_MS = 300_000
const CONNECT_TIMEOUT_MS = 5000

/** What a caller agreed with this server about their connection, and has been answered. */
const OF_THIS_CONNECTION = { expect: undefined, upgrade: undefined } as const

/**
 * Hands requests for the API on to where it is, as they are: with the name that the browser asked for, by which the service knows pages of
 * its own origin, and with the id of the request. Nothing is repeated: what is unavailable says so, and the caller decides.
 */
export async function handOn(app: FastifyInstance, upstream: string): Promise<void> {
  endStreamsAtClose(app)
  // What a body may be is for the service to say: here none is read.
  app.removeAllContentTypeParsers()
  for (const prefix of PATHS) {
    await app.register(httpProxy, {
      upstream,
      prefix,
      rewritePrefix: prefix,
      disableRequestLogging: true,
      destroyAgent: true,
      undici: {
        bodyTimeout: BODY_TIMEOUT_MS,
        headersTimeout: HEADERS_TIMEOUT_MS,
        connect: { timeout: CONNECT_TIMEOUT_MS },
      },
      replyOptions: {
        retryDelay: () => null,
        rewriteRequestHeaders: ({ id, headers }, given) => ({
          ...given,
          ...OF_THIS_CONNECTION,
          ...(headers.host === undefined ? {} : { host: headers.host }),
          [CORRELATION_HEADER]: id,
        }),
        onError: (reply, { error }) => void reply.send(unreachable(upstream, error)),
      },
    })
  }
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

function unreachable(upstream: string, cause: Error): HttpProblem {
  const isSlow = 'statusCode' in cause && cause.statusCode === 504
  const text = isSlow ? `The API at ${upstream} did not answer in time.` : `The API at ${upstream} cannot be reached.`
  return new HttpProblem('API_UNREACHABLE', text, { status: isSlow ? 504 : 502, cause })
}
