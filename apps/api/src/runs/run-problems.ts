import type { LockState } from '@stage0/engine'
import { ERRORS, type ErrorCode, type LockView, type Problem, type RunError } from '@stage0/types'
import { HttpProblem, type ProblemExtras } from '../http-problem.ts'

const UNAVAILABLE = 503

/** A run that was not begun, as the answer to the request that asked for it. */
export function refusal(error: RunError): HttpProblem {
  const code: ErrorCode = Object.hasOwn(ERRORS, error.code) ? (error.code as ErrorCode) : 'SERVICE_DEFECT'
  return new HttpProblem(code, error.message, extrasOf(code, error.detail))
}

function extrasOf(code: ErrorCode, detail: unknown): ProblemExtras {
  // What the engine says of these two goes with them as it is; see `claim.ts` and `prepare.ts` there.
  if (code === 'LOCK_HELD') return { holder: toLockView(detail as LockState) }
  if (code === 'PLAN_REFUSED') return { problems: detail as readonly Problem[] }
  const isTarget = code.startsWith('TARGET_') && code !== 'TARGET_REFUSED'
  return isTarget && !('status' in ERRORS[code]) ? { status: UNAVAILABLE } : {}
}

/** Who holds the lock, as clients are told. */
export const toLockView = ({ holder, since, leaseEnd, step }: LockState): LockView => ({
  user: holder.user,
  host: holder.host,
  pid: holder.pid,
  command: holder.command,
  run_id: holder.runId,
  since,
  lease_end: leaseEnd,
  ...(step !== undefined && { step }),
})
