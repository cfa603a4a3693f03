import type { IsGone, LockState } from '@stage0/engine'
import { ERRORS, type ErrorCode, type LockView, type Problem, type RunError } from '@stage0/types'
import { HttpProblem, type ProblemExtras } from '../http-problem.ts'

/** What the engine would not do, as the answer to the request that asked for it. */
export function refusal({ code, message, hint, detail }: RunError): HttpProblem {
  if (!isErrorCode(code)) return new HttpProblem('SERVICE_DEFECT', message)
  return new HttpProblem(code, message, extrasOf(code, hint, detail))
}

/** Why no run can be begun while somebody holds the lock, in the form of the engine. */
export function lockHeld(held: LockState, isGone: IsGone): RunError {
  const { user, host, pid, command, runId } = held.holder
  const who = `${user} on ${host} (process ${pid}) holds the lock since ${held.since} with \`${command}\`, run ${runId}`
  const gone = isGone(held.holder)
    ? `; its process is no longer there, so the lock ends by itself at ${held.leaseEnd}`
    : ''
  return { code: 'LOCK_HELD', message: `${who}${gone}.`, detail: held }
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)

/** What goes with these two is as the engine's `claim.ts` and `prepare.ts` give it. */
function extrasOf(code: ErrorCode, hint: string | undefined, detail: unknown): ProblemExtras {
  if (code === 'LOCK_HELD') return { holder: toLockView(detail as LockState) }
  // What to do depends on what changed; hints of others are about the command.
  if (code === 'PLAN_STALE' && hint !== undefined) return { fix: hint }
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
