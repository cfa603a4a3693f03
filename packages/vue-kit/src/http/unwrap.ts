import { kitTexts } from '../texts/en.ts'
import { AppError } from './app-error.ts'
import { problemOf } from './parse-problem.ts'

/** What a typed client gives back: data, or the body of a failed answer. */
export interface CallResult<Data> {
  readonly data?: Data
  readonly error?: unknown
  readonly response: Response
}

const isAbort = (value: unknown): boolean => value instanceof Error && value.name === 'AbortError'

/** Any thrown value as an `AppError`; one that is none already becomes `UNEXPECTED` with the value as its cause. */
export function toAppError(value: unknown): AppError {
  if (value instanceof AppError) return value
  const detail = value instanceof Error ? value.message : String(value)
  if (isAbort(value)) return new AppError({ kind: 'aborted', code: 'ABORTED', status: 0, title: detail, cause: value })
  return new AppError({
    kind: 'problem',
    code: 'UNEXPECTED',
    status: 0,
    title: kitTexts.http.unexpectedTitle,
    detail,
    cause: value,
  })
}

/**
 * The data of a call.
 * @throws AppError for an answer of 400 and above, a timeout, a lost connection, an abort, or anything unexpected.
 */
export async function unwrap<Data>(call: Promise<CallResult<Data>>): Promise<Data> {
  let result: CallResult<Data>
  try {
    result = await call
  } catch (error) {
    throw toAppError(error)
  }
  if (!result.response.ok) throw problemOf(result.error, result.response)
  // An answer without a body (204) has no data; its type says so.
  return result.data as Data
}
