import { err, ok, type Result, type RunSummary } from '@stage0/types'
import type { HeldLock, IsGone, TargetError, TargetResult } from './ports.ts'
import { readRun, type RunSource } from './read-runs.ts'

/** What a wish to a run has come to. */
export type Asked =
  /** Nobody holds the lock, and no run was named. */
  | { readonly state: 'nobody' }
  /** The run had ended before, or was cut off: there is nobody to do it. */
  | { readonly state: 'ended'; readonly run: RunSummary }
  /** Its lease has not ended, but its process is known to be gone: nobody would follow, so nothing was asked. */
  | { readonly state: 'gone'; readonly run: RunSummary; readonly held: HeldLock }
  /** It was asked, and follows after what is under way. */
  | { readonly state: 'asked'; readonly run: RunSummary }

/**
 * Puts a wish into the record of a run that is at work.
 *
 * @param runId Without it the run that holds the lock.
 * @param isGone Tells of a holder that its process is gone, where this machine can know.
 * @returns `RUN_UNKNOWN` where no such run is recorded, which a run is not before it has planned under the lock.
 */
export async function askRun(
  target: RunSource,
  runId: string | undefined,
  ask: (runId: string) => TargetResult<boolean>,
  isGone: IsGone = () => false,
): Promise<Result<Asked, TargetError>> {
  const lock = await target.lock.read()
  if (!lock.ok) return lock
  const named = runId ?? lock.value?.holder.runId
  if (named === undefined) return ok({ state: 'nobody' })
  const run = await readRun(target, named)
  if (!run.ok) return run
  if (run.value === undefined) return err(unknown(named))
  if (run.value.status !== 'running') return ok({ state: 'ended', run: run.value })
  const held = lock.value?.holder.runId === named ? lock.value : undefined
  if (held !== undefined && isGone(held.holder)) return ok({ state: 'gone', run: run.value, held })
  const asked = await ask(named)
  if (!asked.ok) return asked
  const now = await readRun(target, named)
  if (!now.ok) return now
  return ok({ state: asked.value ? 'asked' : 'ended', run: now.value ?? run.value })
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
export const pauseRun = (
  target: RunSource,
  paused: boolean,
  runId?: string,
  isGone?: IsGone,
): Promise<Result<Asked, TargetError>> => askRun(target, runId, (id) => target.runs.requestPause(id, paused), isGone)
