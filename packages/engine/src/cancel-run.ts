import { err, ok, type Result, type RunSummary } from '@stage0/types'
import type { Clock, TargetError } from './ports.ts'
import { readRun, type RunSource } from './read-runs.ts'

/** What a wish to cancel has come to. */
export type Cancelled =
  /** Nobody holds the lock, and no run was named. */
  | { readonly state: 'nobody' }
  /** The run had ended before, or was cut off: there is nothing to end. */
  | { readonly state: 'ended'; readonly run: RunSummary }
  /** It was asked, and ends after what is under way. */
  | { readonly state: 'asked'; readonly run: RunSummary }

/**
 * Asks a run to end in order: after the step, or the range of a migration, that is under way.
 *
 * @param runId Without it the run that holds the lock.
 * @returns `RUN_UNKNOWN` where no such run is recorded, which a run is not before it has planned under the lock.
 */
export async function cancelRun(target: RunSource, runId?: string): Promise<Result<Cancelled, TargetError>> {
  const named = runId === undefined ? await holding(target) : ok(runId)
  if (!named.ok || named.value === undefined) return named.ok ? ok({ state: 'nobody' }) : named
  const run = await readRun(target, named.value)
  if (!run.ok) return run
  if (run.value === undefined) return err(unknown(named.value))
  if (run.value.status !== 'running') return ok({ state: 'ended', run: run.value })
  const asked = await target.runs.requestCancel(named.value)
  if (!asked.ok) return asked
  if (asked.value) return ok({ state: 'asked', run: { ...run.value, cancel_requested: true } })
  const ended = await readRun(target, named.value)
  return ended.ok ? ok({ state: 'ended', run: ended.value ?? run.value }) : ended
}

async function holding(target: RunSource): Promise<Result<string | undefined, TargetError>> {
  const lock = await target.lock.read()
  return lock.ok ? ok(lock.value?.holder.runId) : lock
}

const unknown = (runId: string): TargetError => ({
  code: 'RUN_UNKNOWN',
  kind: 'refused',
  message: `No run ${runId} is recorded.`,
})

/** Between two looks at a run that is to end. */
const LOOK_AGAIN_MS = 500

/** Waits until a run is no longer at work, at most `waitMs`; the run as it is then. `undefined` where its record is gone. */
export async function awaitRunEnd(input: {
  readonly target: RunSource
  readonly runId: string
  readonly waitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}): Promise<Result<RunSummary | undefined, TargetError>> {
  const { target, runId, waitMs, clock, signal } = input
  const startedAtMs = clock.monotonicMs()
  for (;;) {
    const run = await readRun(target, runId)
    if (!run.ok || run.value?.status !== 'running') return run
    const leftMs = waitMs - (clock.monotonicMs() - startedAtMs)
    if (leftMs <= 0 || signal.aborted) return run
    await clock.sleep(Math.min(LOOK_AGAIN_MS, leftMs), signal)
  }
}
