import { ok, type Result, type RunEvent, type RunSummary } from '@stage0/types'
import type { Clock, TargetError } from './ports.ts'
import { readRun, type RunSource } from './read-runs.ts'

export interface FollowOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Between two looks, in milliseconds; 200 by default. */
  readonly pollMs?: number | undefined
}

const POLL_MS = 200
const PAGE_EVENTS = 1000
/** The last event of a run is stored after its outcome: so many looks it is waited for, and no longer where its process died between. */
const LAST_LOOKS = 5

/**
 * The events of a run with a number above `afterSeq`, as they are recorded, by whichever process. Ends after `run.finished`, or
 * when the run ended without it: interrupted, superseded, or cut off before its last event. Writes nothing.
 *
 * @returns the run as it stands at the end; `undefined` where there is no such run, or when `signal` aborts.
 */
export async function* followRun(
  target: RunSource,
  runId: string,
  afterSeq: number,
  { clock, signal, pollMs = POLL_MS }: FollowOptions,
): AsyncGenerator<RunEvent, Result<RunSummary | undefined, TargetError>> {
  // From one before: who has seen the last event already is not made to wait for another.
  let last = Math.max(0, afterSeq - 1)
  let looks = 0
  while (!signal.aborted) {
    const page = await target.runs.readEvents(runId, last, PAGE_EVENTS)
    if (!page.ok) return page
    for (const event of page.value) {
      last = event.seq
      if (event.seq > afterSeq) yield event
      if (event.type === 'run.finished') return readRun(target, runId)
    }
    if (page.value.length === PAGE_EVENTS) continue
    if (page.value.length === 0) {
      const run = await readRun(target, runId)
      if (!run.ok || run.value === undefined) return run
      looks = run.value.status === 'running' ? 0 : looks + 1
      if (looks >= LAST_LOOKS) return run
    }
    await clock.sleep(pollMs, signal)
  }
  return ok(undefined)
}
