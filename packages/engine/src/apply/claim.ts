import { err, ok, type Result } from '@stage0/types'
import type { Clock, LockHolder, LockState, TargetError, TargetPort } from '../ports.ts'

export interface ClaimInput {
  readonly target: Pick<TargetPort, 'lock'>
  readonly holder: LockHolder
  readonly leaseMs: number
  /** How long to wait for another run to end; 0 gives up at once. */
  readonly waitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Between two looks at a lock that somebody else holds: it may be released before its lease ends. */
const RETRY_MS = 1000
/** Where its lease is about to end: whoever is dead does not renew it. */
const SHORTEST_RETRY_MS = 20

const cancelledWaiting: TargetError = {
  code: 'CANCELLED',
  kind: 'refused',
  message: 'Cancelled while waiting for another run to end; nothing was begun.',
}

/** Claims the lock of the target and returns its token, or `LOCK_HELD` naming the holder, since when and on which step. */
export async function claimLock(input: ClaimInput): Promise<Result<number, TargetError>> {
  const { target, holder, leaseMs, waitMs, clock, signal } = input
  const startedAtMs = clock.monotonicMs()
  for (;;) {
    const claim = await target.lock.claim(holder, leaseMs)
    if (!claim.ok) return claim
    if (claim.value.claimed) return ok(claim.value.token)
    const leftMs = waitMs - (clock.monotonicMs() - startedAtMs)
    if (signal.aborted) return err(cancelledWaiting)
    if (leftMs <= 0) return err(lockHeld(claim.value.held))
    const untilFreeMs = Math.max(SHORTEST_RETRY_MS, claim.value.held.leftMs)
    await clock.sleep(Math.min(RETRY_MS, leftMs, untilFreeMs), signal)
  }
}

function lockHeld(held: LockState): TargetError {
  const { user, host, pid, runId, command } = held.holder
  const step = held.step === undefined ? '' : `, on step ${held.step}`
  return {
    code: 'LOCK_HELD',
    kind: 'refused',
    message: `${user} on ${host} (process ${pid}) holds the lock since ${held.since} with \`${command}\`, run ${runId}${step}; its lease ends ${held.leaseEnd} unless renewed`,
    detail: held,
  }
}
