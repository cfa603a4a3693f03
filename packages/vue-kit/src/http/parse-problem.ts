import { AppError, type FieldError } from './app-error.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined)
const fieldError = (value: unknown): FieldError[] =>
  isFields(value) && typeof value['pointer'] === 'string' && typeof value['text'] === 'string'
    ? [{ pointer: value['pointer'], text: value['text'] }]
    : []

/**
 * A failed answer as an `AppError`. The body is read as problem details (RFC 9457); where it is something else (a proxy's
 * page, nothing at all), the status speaks.
 */
export function problemOf(body: unknown, response: Pick<Response, 'status' | 'statusText' | 'headers'>): AppError {
  const fields: Fields = isFields(body) ? body : {}
  const status = response.status
  return new AppError({
    kind: 'problem',
    code: textOf(fields['code']) ?? `HTTP_${status}`,
    status,
    title: textOf(fields['title']) ?? textOf(response.statusText) ?? `HTTP ${status}`,
    detail: textOf(fields['detail']) ?? textOf(fields['error']),
    fix: textOf(fields['fix']),
    fields: listOf(fields['errors'])?.flatMap(fieldError),
    problems: listOf(fields['problems']),
    holder: fields['holder'],
    requestId: response.headers.get('x-correlation-id') ?? undefined,
  })
}
