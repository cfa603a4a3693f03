import type { Plan, Step } from '@stage0/core'
import type { Result, RunError, RunEvent, StepStatus } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import type { ApplyInput } from './apply-input.ts'
import { executeStep, type StepOutcome } from './execute-step.ts'
import { lockLost, type LockKeeper } from './lock-keeper.ts'
import { withProgress } from './progress.ts'
import { stepFields, type RunLog } from './run-log.ts'
import { wholeMsSince } from './whole-ms.ts'

/** How the steps of a run ended, for its outcome and for verifying. */
export interface StepTally {
  readonly counts: Partial<Record<StepStatus, number>>
  readonly finished: Set<string>
  /** What stops the whole run: the lock or the target is gone, or one step failed and fail-fast was asked for. */
  stopped: RunError | undefined
  cancelled: boolean
}

export interface RunStepsInput {
  readonly apply: ApplyInput
  readonly plan: Plan
  readonly token: number
  readonly keeper: LockKeeper
  readonly log: RunLog
  readonly tally: StepTally
}

/** Steps that may take long: their start is stored before them, so that others see where the run is. */
const LONG_STEPS = new Set<Step['kind']>(['migrate', 'buildIndexes', 'loadData'])

/** Carries out the steps in order. The first failing step of a collection ends that collection; the others go on. */
export async function* runSteps(input: RunStepsInput): AsyncGenerator<RunEvent, void> {
  const { plan, log, tally, apply } = input
  const failed = new Set<string>()
  for (const step of plan.steps) {
    if (failed.has(step.collection) || tally.stopped !== undefined) {
      yield finished(input, step, { status: 'skipped', duration_ms: 0 })
    } else if (isCancelled(input)) {
      yield finished(input, step, { status: 'cancelled', duration_ms: 0 })
    } else {
      const status = yield* runStep(input, step)
      if (status === 'failed') {
        failed.add(step.collection)
        // What all collections build on: without it none of them may go on.
        if (apply.failFast === true || step.kind === 'recordEnumerators') tally.stopped ??= stoppedBy(step)
      }
    }
    await log.flushWhenDue()
    if (log.failure !== undefined) tally.stopped ??= log.failure
  }
}

function isCancelled({ apply, keeper, tally }: RunStepsInput): boolean {
  if (apply.signal.aborted || keeper.cancelRequested) tally.cancelled = true
  return tally.cancelled
}

const stoppedBy = (step: Step): RunError => ({
  code: 'STEP_FAILED',
  message: `The run stopped when "${step.name}" failed (step ${step.id})`,
})

async function* runStep(input: RunStepsInput, step: Step): AsyncGenerator<RunEvent, StepStatus> {
  const { apply, keeper, log, tally } = input
  const doubt = await keeper.confirm(step.id)
  if (doubt !== undefined) {
    tally.stopped ??= doubt
    yield finished(input, step, { status: 'skipped', duration_ms: 0 })
    return 'skipped'
  }
  if (isCancelled(input)) {
    yield finished(input, step, { status: 'cancelled', duration_ms: 0 })
    return 'cancelled'
  }
  yield log.add({ ...stepFields(step), type: 'step.started' })
  if (LONG_STEPS.has(step.kind)) await log.flush()
  if (keeper.isLeaseOver()) {
    tally.stopped ??= lockLost()
    yield finished(input, step, { status: 'skipped', duration_ms: 0 })
    return 'skipped'
  }
  const startedAtMs = apply.clock.monotonicMs()
  const outcome = yield* execute(input, step)
  const duration_ms = wholeMsSince(apply.clock, startedAtMs)
  if (outcome.ok) {
    const { status, detail } = outcome.value
    yield finished(input, step, { status, duration_ms, ...(detail !== undefined && { detail }) })
    return status
  }
  const error = keeper.lost.aborted ? lockLost() : outcome.error
  if (error.kind === 'lost-lock') tally.stopped ??= error
  yield finished(input, step, { status: 'failed', duration_ms, error: runError(error) })
  return 'failed'
}

async function* execute(input: RunStepsInput, step: Step): AsyncGenerator<RunEvent, Result<StepOutcome, TargetError>> {
  const { apply, token, keeper, log } = input
  const { target, wanted, holder, toolVersion, clock } = apply
  const appliedBy = `${holder.user}@${holder.host}`
  const base = {
    target,
    wanted,
    runId: holder.runId,
    token,
    appliedBy,
    toolVersion,
    signal: keeper.lost,
    isLeaseOver: () => keeper.isLeaseOver(),
  }
  const work = withProgress(clock, (report) =>
    executeStep(step, { ...base, onProgress: (done, total, unit) => report({ done, total, unit }) }),
  )
  for (;;) {
    const next = await work.next()
    if (next.done === true) return next.value
    yield log.add({ ...stepFields(step), type: 'step.progress', ...next.value })
  }
}

interface Ending {
  readonly status: StepStatus
  readonly duration_ms: number
  readonly detail?: string
  readonly error?: RunError
}

function finished({ log, tally }: RunStepsInput, step: Step, ending: Ending): RunEvent {
  tally.counts[ending.status] = (tally.counts[ending.status] ?? 0) + 1
  if (ending.status === 'succeeded' || ending.status === 'already') tally.finished.add(step.id)
  return log.add({ ...stepFields(step), type: 'step.finished', ...ending })
}

/** Without what only adapters and exit codes need. */
export function runError(error: RunError | TargetError): RunError {
  const { code, message, detail, hint, file, pointer } = error
  return {
    code,
    message,
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
    ...(file !== undefined && { file }),
    ...(pointer !== undefined && { pointer }),
  }
}
