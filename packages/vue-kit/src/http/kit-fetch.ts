import { kitTexts } from '../texts/en.ts'
import { AppError } from './app-error.ts'
import { reportReachable } from './use-online.ts'

/** How long an answer may take, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 30_000

export interface FetchOptions {
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
  readonly newId?: () => string
}

// Not `randomUUID`: it is missing where the page is not served over a secure origin.
const newRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * A `fetch` with a time limit and an `x-correlation-id`, which leads to the service's log. A request that got no answer
 * rejects with an `AppError` of kind `timeout`, `offline` or `aborted`; every answer, also a failed one, resolves.
 */
export function createFetch(options: FetchOptions = {}): (input: Request) => Promise<Response> {
  const { timeoutMs = REQUEST_TIMEOUT_MS, newId = newRequestId } = options
  return async (input) => {
    const requestId = newId()
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), timeoutMs)
    const headers = new Headers(input.headers)
    headers.set('x-correlation-id', requestId)
    const request = new Request(input, { headers, signal: AbortSignal.any([input.signal, limit.signal]) })
    try {
      const response = await (options.fetch ?? fetch)(request)
      reportReachable(true)
      return response
    } catch (cause) {
      throw noAnswer(cause, { requestId, isTimeout: limit.signal.aborted, isAborted: input.signal.aborted })
    } finally {
      clearTimeout(timer)
    }
  }
}

function noAnswer(cause: unknown, at: { requestId: string; isTimeout: boolean; isAborted: boolean }): AppError {
  const common = { status: 0, requestId: at.requestId, cause }
  const { http } = kitTexts
  if (at.isAborted)
    return new AppError({ ...common, kind: 'aborted', code: 'ABORTED', title: 'The request was given up' })
  if (at.isTimeout)
    return new AppError({
      ...common,
      kind: 'timeout',
      code: 'TIMEOUT',
      title: http.timeoutTitle,
      detail: http.timeoutText,
    })
  reportReachable(false)
  return new AppError({
    ...common,
    kind: 'offline',
    code: 'OFFLINE',
    title: http.offlineTitle,
    detail: http.offlineText,
  })
}

/** The `fetch` for the console's client, with the default time limit. */
export const kitFetch = createFetch()
