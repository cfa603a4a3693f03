import type { LockState } from '@stage0/engine'
import { ERRORS, type ErrorCode, type LockView, type Problem, type RunError } from '@stage0/types'
import { HttpProblem, type ProblemExtras } from '../http-problem.ts'

/** What the engine would not do, as the answer to the request that asked for it. */
export function refusal({ code, message, detail }: RunError): HttpProblem {
  if (!isErrorCode(code)) return new HttpProblem('SERVICE_DEFECT', message)
  return new HttpProblem(code, message, extrasOf(code, detail))
}

/** Why no run can be begun while somebody holds the lock, in the form of the engine. */
export function lockHeld(held: LockState): RunError {
  const { user, host, pid, command, runId } = held.holder
  const message = `${user} on ${host} (process ${pid}) holds the lock since ${held.since} with \`${command}\`, run ${runId}.`
  return { code: 'LOCK_HELD', message, detail: held }
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)

/** What goes with these two is as the engine's `claim.ts` and `prepare.ts` give it. */
function extrasOf(code: ErrorCode, detail: unknown): ProblemExtras {
  if (code === 'LOCK_HELD') return { holder: toLockView(detail as LockState) }
  if (code === 'PLAN_REFUSED') return { problems: detail as readonly Problem[] }
  return {}
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
