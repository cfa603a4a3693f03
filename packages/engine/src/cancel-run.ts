import { ok, type Result, type RunSummary } from '@stage0/types'
import { askRun, type Asked } from './ask-run.ts'
import type { Clock, IsGone, TargetError } from './ports.ts'
import { readRun, type RunSource } from './read-runs.ts'

/**
 * Asks a run to end in order: after the step, or the range of a migration, that is under way.
 *
 * @param runId Without it the run that holds the lock.
 * @returns Errors as of `askRun`.
 */
export async function cancelRun(
  target: RunSource,
  runId?: string,
  isGone?: IsGone,
): Promise<Result<Asked, TargetError>> {
  const asked = await askRun(target, runId, (id) => target.runs.requestCancel(id), isGone)
  // A run may end between the wish and the look at it.
  if (!asked.ok || asked.value.state !== 'asked' || asked.value.run.status === 'running') return asked
  return ok({ state: 'ended', run: asked.value.run })
}

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
