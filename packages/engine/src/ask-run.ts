import { err, ok, type Result, type RunSummary } from '@stage0/types'
import type { TargetError, TargetResult } from './ports.ts'
import { readRun, type RunSource } from './read-runs.ts'

/** What a wish to a run has come to. */
export type Asked =
  /** Nobody holds the lock, and no run was named. */
  | { readonly state: 'nobody' }
  /** The run had ended before, or was cut off: there is nobody to do it. */
  | { readonly state: 'ended'; readonly run: RunSummary }
  /** It was asked, and follows after what is under way. */
  | { readonly state: 'asked'; readonly run: RunSummary }

/**
 * Puts a wish into the record of a run that is at work.
 *
 * @param runId Without it the run that holds the lock.
 * @returns `RUN_UNKNOWN` where no such run is recorded, which a run is not before it has planned under the lock.
 */
export async function askRun(
  target: RunSource,
  runId: string | undefined,
  ask: (runId: string) => TargetResult<boolean>,
): Promise<Result<Asked, TargetError>> {
  const named = runId === undefined ? await holding(target) : ok(runId)
  if (!named.ok || named.value === undefined) return named.ok ? ok({ state: 'nobody' }) : named
  const run = await readRun(target, named.value)
  if (!run.ok) return run
  if (run.value === undefined) return err(unknown(named.value))
  if (run.value.status !== 'running') return ok({ state: 'ended', run: run.value })
  const asked = await ask(named.value)
  if (!asked.ok) return asked
  const now = await readRun(target, named.value)
  if (!now.ok) return now
  return ok({ state: asked.value ? 'asked' : 'ended', run: now.value ?? run.value })
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

/**
 * Asks a run to wait before its next range or step, or to go on. It keeps the lock while it waits.
 *
 * @param runId Without it the run that holds the lock.
 * @returns Errors as of `askRun`.
 */
export const pauseRun = (target: RunSource, paused: boolean, runId?: string): Promise<Result<Asked, TargetError>> =>
  askRun(target, runId, (id) => target.runs.requestPause(id, paused))
