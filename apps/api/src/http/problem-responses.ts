import { ProblemDetails } from '@stage0/types'

const TEXTS = {
  400: 'The request is not as the contract says',
  403: 'Refused, with the reason',
  404: 'There is no such thing',
  405: 'The address exists, the method does not',
  406: 'It cannot be sent in a form that the client takes',
  409: 'It exists already, is in use, or another run holds the lock',
  412: 'Somebody else changed it: read it again',
  413: 'The body is too large',
  415: 'The body is of another type',
  422: 'The content is not valid',
  423: 'It is locked',
  428: 'An If-Match header is needed',
  429: 'Too many requests',
  500: 'A defect of the service',
  503: 'The database cannot be reached, or takes too long',
} as const

export type ProblemStatus = keyof typeof TEXTS

export interface ProblemResponse {
  readonly description: string
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof ProblemDetails } }
}

/**
 * The refusals of a route, for its `response`: `{ 200: ..., ...problemResponses(404, 503) }`. What every route can answer (400, 403, 429,
 * 500, 503; 413 and 415 where a body may come) is added to each by `buildApp`.
 */
export function problemResponses<const S extends ProblemStatus>(...statuses: readonly S[]): Record<S, ProblemResponse> {
  const entries = statuses.map((status) => [status, problemResponse(status)])
  return Object.fromEntries(entries) as Record<S, ProblemResponse>
}

const problemResponse = (status: ProblemStatus): ProblemResponse => ({
  description: TEXTS[status],
  content: { 'application/problem+json': { schema: ProblemDetails } },
})
