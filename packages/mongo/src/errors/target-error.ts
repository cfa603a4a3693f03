import type { TargetError, TargetResult } from '@stage0/engine'
import { errorEntry, type ErrorCode } from '@stage0/types'

interface Details {
  readonly detail?: unknown
  /** Instead of the catalogue's fix, where more is known here. */
  readonly hint?: string
  readonly serverCode?: number
  readonly serverCodeName?: string
}

/** A failure of the target, with the catalogue's fix as hint unless a better one is given. */
export function targetError(
  kind: TargetError['kind'],
  code: ErrorCode,
  message: string,
  details: Details = {},
): TargetError {
  const hint = details.hint ?? errorEntry(code)?.fix
  return { kind, code, message, ...details, ...(hint === undefined ? {} : { hint }) }
}

/** A failure that was found here and not by the driver; `attempt` turns it into a result. */
export class TargetFailure extends Error {
  readonly error: TargetError
  constructor(error: TargetError) {
    super(error.message)
    this.name = 'TargetFailure'
    this.error = error
  }
}

/** Leaves the current `attempt` with this error. */
export function fail(...args: Parameters<typeof targetError>): never {
  throw new TargetFailure(targetError(...args))
}

/** Runs driver calls and returns their failure as a result. `doing` completes the sentence "Could not ...". */
export type Attempt = <T>(doing: string, work: () => Promise<T>) => TargetResult<T>
