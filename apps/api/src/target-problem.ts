import type { TargetError } from '@stage0/engine'
import { ERRORS, type ErrorCode } from '@stage0/types'
import { HttpProblem, type ProblemExtras } from './http-problem.ts'

/** The HTTP status of a failure of the target whose code does not say one itself. */
const STATUS: Readonly<Record<TargetError['kind'], number>> = {
  refused: 422,
  unreachable: 503,
  'not-permitted': 503,
  'lost-lock': 409,
  stopped: 503,
}

/** A failure of the database as the answer to a request that needed it. */
export function targetProblem(error: TargetError, extras: ProblemExtras = {}): HttpProblem {
  const code = isErrorCode(error.code) ? error.code : 'SERVICE_DEFECT'
  const status = 'status' in ERRORS[code] ? {} : { status: STATUS[error.kind] }
  return new HttpProblem(code, error.message, { ...status, ...extras })
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)
