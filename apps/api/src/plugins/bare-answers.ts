import type { FastifyInstance } from 'fastify'
import { HttpProblem } from '../http-problem.ts'

/**
 * Answers what Node itself would answer with nothing in it, without a request ever coming of it: a request of HTTP/1.1 without a host
 * (RFC 9112, 3.2), and one with an expectation that nobody meets (RFC 9110, 10.1.1). For the first, the server must be made with
 * `requireHostHeader: false`.
 */
export function noBareAnswers(app: FastifyInstance): void {
  app.server.on('checkExpectation', (request, answer) => app.server.emit('request', request, answer))
  app.addHook('onRequest', async ({ raw: { httpVersion, headers } }) => {
    if (httpVersion !== '1.1') return
    if (headers.host === undefined) throw new HttpProblem('REQUEST_INVALID', 'The request has no header Host.')
    if (headers.expect !== undefined && !/\b100-continue\b/i.test(headers.expect)) {
      throw new HttpProblem('REQUEST_INVALID', 'No expectation is met but 100-continue.', { status: 417 })
    }
  })
}
