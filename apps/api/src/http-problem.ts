import { errorEntry, type ErrorCode, type LockView, type Problem } from '@stage0/types'

/** What an answer of 400 and above tells besides its code and its text. */
export interface ProblemExtras {
  /** What is wrong in the request, with JSON pointers into it. */
  readonly errors?: readonly { readonly pointer: string; readonly text: string }[]
  /** What speaks against it in repository or plan. */
  readonly problems?: readonly Problem[]
  /** Who holds the lock. */
  readonly holder?: LockView
  /** What to do about it, where this case is told more closely than the catalogue does. */
  readonly fix?: string
  /** Where the code alone does not tell it, as for failures of the target. */
  readonly status?: number
  readonly cause?: unknown
}

/** An expected failure of a request: thrown in a route, answered as RFC 9457 by the plugin `problem-json`. */
export class HttpProblem extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly extras: ProblemExtras

  /** @param detail What happened this time, for people; never with a path of this machine or a secret. */
  constructor(code: ErrorCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause })
    this.name = 'HttpProblem'
    this.code = code
    this.status = extras.status ?? statusOf(code)
    this.extras = extras
  }
}

/** The HTTP status of a code of the catalogue: an entry without one is about content that cannot be processed. */
export const statusOf = (code: string): number => {
  const entry = errorEntry(code)
  return entry === undefined ? 500 : (entry.status ?? 422)
}
