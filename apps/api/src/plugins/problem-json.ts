import type { ErrorObject } from 'ajv'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { errorEntry, type ErrorCode, type ProblemDetails } from '@stage0/types'
import { redactUri } from '@stage0/workspace'
import { toFieldError } from '../http/compile-schemas.ts'
import { HttpProblem } from '../http-problem.ts'
import { CORRELATION_HEADER } from './correlation.ts'

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8'

/** What a client did wrong, as Fastify and its plugins tell it, in our words. */
const FOREIGN: Readonly<Record<number, ErrorCode>> = {
  404: 'ROUTE_UNKNOWN',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  415: 'MEDIA_TYPE_UNSUPPORTED',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_BUSY',
}

const PARTS: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' }
const MAX_FIELD_ERRORS = 50

/** Answers every failure as RFC 9457; what nobody foresaw goes to the log, and to the client only that it happened. */
export const problemJson = plugin(async (app) => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500) request.log.error({ err: problem.extras.cause ?? error }, problem.code)
    return sendProblem(request, reply, problem)
  })
})

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: HttpProblem): FastifyReply {
  reply.header(CORRELATION_HEADER, request.id)
  return reply.code(problem.status).header('content-type', PROBLEM_JSON).send(toDetails(problem, request.id))
}

/** The body of an answer of 400 and above. */
export function toDetails({ code, status, message, extras }: HttpProblem, requestId: string): ProblemDetails {
  const { title, fix } = errorEntry(code) ?? { title: code, fix: '' }
  const text = redactUri(message)
  return {
    type: `/api/errors/${code}`,
    title,
    status,
    detail: text,
    instance: requestId,
    code,
    fix: extras.fix ?? fix,
    ...(extras.errors === undefined ? {} : { errors: [...extras.errors] }),
    ...(extras.problems === undefined ? {} : { problems: [...extras.problems] }),
    ...(extras.holder === undefined ? {} : { holder: extras.holder }),
    error: text,
  }
}

/** A failure of any kind as one of ours. */
export function toProblem(error: FastifyError): HttpProblem {
  if (error instanceof HttpProblem) return error
  const { validation, validationContext = 'body' } = error
  if (validation !== undefined) {
    const part = PARTS[validationContext] ?? validationContext
    const errors = (validation as ErrorObject[]).slice(0, MAX_FIELD_ERRORS).map((each) => toFieldError(part, each))
    const said = errors.slice(0, 3).map(({ pointer, text }) => `${pointer} ${text}`)
    return new HttpProblem('REQUEST_INVALID', `The request is not valid: ${said.join('; ')}.`, { errors })
  }
  const status = error.statusCode ?? 500
  const code = FOREIGN[status] ?? (status >= 400 && status < 500 ? 'REQUEST_INVALID' : undefined)
  if (code !== undefined) return new HttpProblem(code, wordsFor(code, error), { cause: error })
  return new HttpProblem('SERVICE_DEFECT', 'The service met a situation that it did not foresee.', { cause: error })
}

function wordsFor(code: ErrorCode, error: FastifyError): string {
  switch (error.code) {
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return 'The body is empty, but its content type says JSON.'
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return 'The body is not valid JSON.'
    case 'FST_ERR_BAD_URL':
      return 'The address is not valid: a percent sign does not begin a valid escape.'
    default:
      return `${errorEntry(code)?.title ?? code}.`
  }
}
