import type { IncomingMessage } from 'node:http'
import plugin from 'fastify-plugin'

export const CORRELATION_HEADER = 'x-correlation-id'

/** Only what is harmless in a log line and a header is taken over. */
const HARMLESS = /^[A-Za-z0-9._:-]{1,128}$/

/** The id of a request: as the caller says, so that its traces and ours are found together, or made. */
export const requestIdOf =
  (newId: () => string) =>
  ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
    const given = headers[CORRELATION_HEADER]
    return typeof given === 'string' && HARMLESS.test(given) ? given : newId()
  }

/** Tells the id of each request in its answer, and logs one line for each that is answered. */
export const correlation = plugin(async (app) => {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(CORRELATION_HEADER, request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const line = { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    request.log.info(line, 'request')
  })
})
