import { err, ok, type Result } from '@stage0/types'
import type { Clock, HeldLock, LockHolder, TargetError, TargetPort } from './ports.ts'

export interface UnlockInput {
  readonly target: Pick<TargetPort, 'lock'>
  /** Only this run's lock is touched. */
  readonly runId: string
}

/** What can be seen of a lock before it is taken away. */
export type LockVerdict =
  | { readonly state: 'free' }
  /** Held, and not watched. */
  | { readonly state: 'held'; readonly held: HeldLock }
  /** The lease was extended while it was looked at: its process is at work. */
  | { readonly state: 'alive'; readonly held: HeldLock }
  /** It was not, for so long: its process is probably gone. */
  | { readonly state: 'silent'; readonly held: HeldLock; readonly forMs: number }

/**
 * A holder extends its lease when a third of it has passed, so that two thirds are left at least: within half of what is left it
 * does so again. A little longer, for the way to the server.
 */
const HEARTBEATS_SEEN = 0.6
const LOOKS = 10
const SHORTEST_LOOK_MS = 50

export interface ExamineInput extends UnlockInput {
  /** Whether to wait for a heartbeat; else the answer comes at once. */
  readonly watch: boolean
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Looks at the lock of a run, for the time of a heartbeat where it is to tell whether the process is alive. Writes nothing.
 *
 * @returns `LOCK_OF_ANOTHER_RUN` naming the holder, where another run has the lock; `CANCELLED` when `signal` aborts.
 */
export async function examineLock(input: ExamineInput): Promise<Result<LockVerdict, TargetError>> {
  const { target, runId, clock, signal } = input
  const first = await readOwn(target, runId)
  if (!first.ok || first.value === undefined) return first.ok ? ok({ state: 'free' }) : first
  if (!input.watch) return ok({ state: 'held', held: first.value })
  const { token, leaseEnd, leftMs } = first.value
  const forMs = Math.ceil(leftMs * HEARTBEATS_SEEN)
  const startedAtMs = clock.monotonicMs()
  for (;;) {
    const passedMs = clock.monotonicMs() - startedAtMs
    if (passedMs >= forMs) return ok({ state: 'silent', held: first.value, forMs })
    await clock.sleep(Math.min(forMs - passedMs, Math.max(SHORTEST_LOOK_MS, forMs / LOOKS)), signal)
    if (signal.aborted) return err(cancelled)
    const now = await readOwn(target, runId)
    if (!now.ok || now.value === undefined) return now.ok ? ok({ state: 'free' }) : now
    if (now.value.token !== token || now.value.leaseEnd !== leaseEnd) return ok({ state: 'alive', held: now.value })
  }
}

/**
 * Takes the lock away from a run. The token grows: a process that still works under the old one can neither extend its lease nor
 * write into its run, and stops. What the run began the next one finishes.
 *
 * @param input `by`: whoever takes it away, told to the process that it is taken from.
 * @param token Of the claim that was agreed to: one that came after it is left alone.
 * @returns `false` where the claim does not hold the lock any more, so that nothing was to be done.
 */
export async function unlock(
  { target, runId, by }: UnlockInput & { readonly by: Pick<LockHolder, 'user' | 'host'> },
  token: number,
): Promise<Result<boolean, TargetError>> {
  const held = await readOwn(target, runId)
  if (!held.ok) return held
  return held.value?.token === token ? target.lock.revoke(token, by) : ok(false)
}

async function readOwn(
  target: Pick<TargetPort, 'lock'>,
  runId: string,
): Promise<Result<HeldLock | undefined, TargetError>> {
  const held = await target.lock.read()
  if (!held.ok || held.value === undefined || held.value.holder.runId === runId) return held
  const { holder, since } = held.value
  return err({
    code: 'LOCK_OF_ANOTHER_RUN',
    kind: 'refused',
    message: `Run ${runId} does not hold the lock: ${holder.user} on ${holder.host} (process ${holder.pid}) does since ${since}, with run ${holder.runId}.`,
    detail: held.value,
  })
}

const cancelled: TargetError = {
  code: 'CANCELLED',
  kind: 'refused',
  message: 'Cancelled while the lock was watched; it is as it was.',
}
