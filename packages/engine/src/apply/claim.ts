import { err, ok, type Result } from '@stage0/types'
import type { Clock, HeldLock, IsGone, LockHolder, TargetError, TargetPort } from '../ports.ts'

export interface ClaimInput {
  readonly target: Pick<TargetPort, 'lock'>
  readonly holder: LockHolder
  readonly leaseMs: number
  /** How long to wait for another run to end; 0 gives up at once. */
  readonly waitMs: number
  /** Where this machine can tell that the process of a holder is gone; nothing is known of any where it is absent. */
  readonly isGone?: IsGone | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
}

const MS_PER_SECOND = 1000
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
    if (leftMs <= 0) return err(lockHeld(claim.value.held, input.isGone ?? (() => false)))
    const untilFreeMs = Math.max(SHORTEST_RETRY_MS, claim.value.held.leftMs)
    await clock.sleep(Math.min(RETRY_MS, leftMs, untilFreeMs), signal)
  }
}

/** Who holds the lock, and how it can become free. */
function lockHeld(held: HeldLock, isGone: IsGone): TargetError {
  const { user, host, pid, runId, command } = held.holder
  const step = held.step === undefined ? '' : `, on step ${held.step}`
  const isDead = isGone(held.holder)
  const left = `${Math.ceil(held.leftMs / MS_PER_SECOND)} s`
  const until = isDead
    ? `; its process is no longer there, so the lock ends in ${left}`
    : `; its lease ends ${held.leaseEnd} unless renewed`
  const unlock = `\`stage0 unlock --if-owner ${runId}\``
  return {
    code: 'LOCK_HELD',
    kind: 'refused',
    message: `${user} on ${host} (process ${pid}) holds the lock since ${held.since} with \`${command}\`, run ${runId}${step}${until}`,
    hint: isDead
      ? `Wait until the lock ends, for example with --wait ${Math.ceil(held.leftMs / MS_PER_SECOND) + 1}, or free it now with ${unlock}. The next apply finishes what that run began.`
      : `Wait until the run is done, for example with --wait 60. If its process is gone, the lock ends by itself, or ${unlock} frees it.`,
    detail: held,
  }
}
