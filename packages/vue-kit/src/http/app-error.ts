/** Where in what was sent something is wrong: a JSON pointer and the reason in words. */
export interface FieldError {
  readonly pointer: string
  readonly text: string
}

export type AppErrorKind = 'problem' | 'timeout' | 'offline' | 'aborted'

/** What an `AppError` is made of. */
export interface AppErrorParts {
  readonly kind: AppErrorKind
  /** The code of the failure, for example from the service's catalogue. */
  readonly code: string
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number
  readonly title: string
  readonly detail?: string | undefined
  readonly fix?: string | undefined
  readonly fields?: readonly FieldError[] | undefined
  /** What the service found, in its own shape. */
  readonly problems?: readonly unknown[] | undefined
  /** Who holds what was asked for, in the service's own shape. */
  readonly holder?: unknown
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

// Answers that may be different the next time without anybody changing the request.
const PASSING = new Set([408, 425, 429, 502, 503, 504])

/** The one failure that pages show: what, why, what to do, and whether trying again can help. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly kind: AppErrorKind
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly fix: string | undefined
  readonly fields: readonly FieldError[]
  readonly problems: readonly unknown[] | undefined
  readonly holder: unknown
  readonly requestId: string | undefined
  readonly retryable: boolean

  constructor(parts: AppErrorParts) {
    super(parts.detail ?? parts.title, { cause: parts.cause })
    this.kind = parts.kind
    this.code = parts.code
    this.status = parts.status
    this.title = parts.title
    this.detail = parts.detail
    this.fix = parts.fix
    this.fields = parts.fields ?? []
    this.problems = parts.problems
    this.holder = parts.holder
    this.requestId = parts.requestId
    this.retryable = parts.kind === 'timeout' || parts.kind === 'offline' || PASSING.has(parts.status)
  }
}
