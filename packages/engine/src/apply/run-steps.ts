import type { Plan, Step } from '@stage0/core'
import { err, ok, type Leftovers, type Result, type RunError, type RunEvent, type StepStatus } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import { DEFAULT_BATCH_SIZE, type ApplyInput } from './apply-input.ts'
import { executeStep, type StepOutcome } from './execute-step.ts'
import { MOST_SAMPLES } from './find-leftovers.ts'
import { cutOffBy, type LockKeeper } from './lock-keeper.ts'
import { ATTEMPTS, untilLeaseEnds, withPatience } from './patience.ts'
import { RateOfWork, withProgress, type Pause, type Progress } from './progress.ts'
import { stepFields, type RunLog } from './run-log.ts'
import { wholeMsSince } from './whole-ms.ts'

/** How the steps of a run ended, for its outcome and for verifying. */
export interface StepTally {
  readonly counts: Partial<Record<StepStatus, number>>
  readonly finished: Set<string>
  /** What stops the whole run: the lock or the target is gone, or one step failed and fail-fast was asked for. */
  stopped: RunError | undefined
  /** Why a step failed that lost its way to the database. */
  unreached: RunError | undefined
  /** The step in words that was under way when the lock was lost. */
  cutOff: string | undefined
  cancelled: boolean
  /** Collections with documents that do not match after a migration, and how many. */
  readonly leftovers: Map<string, number>
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
const LONG_STEPS = new Set<Step['kind']>(['migrate', 'buildIndexes', 'loadData', 'findLeftovers'])

/** Between two looks whether a paused run is to go on. */
const PAUSE_LOOK_MS = 500

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
  const sure = await withPatience(keeper, apply.signal, async () => {
    const doubt = await keeper.confirm(step.id)
    return doubt === undefined ? ok(undefined) : err(doubt)
  })
  if (!sure.ok) {
    tally.stopped ??= sure.error
    yield finished(input, step, { status: 'skipped', duration_ms: 0 })
    return 'skipped'
  }
  const next = yield* told(
    input,
    step,
    withProgress(apply.clock, (report) => hold(input, report)),
  )
  if (!next.ok || next.value === 'cancelled') {
    const status = next.ok ? 'cancelled' : 'skipped'
    if (!next.ok) tally.stopped ??= next.error
    yield finished(input, step, { status, duration_ms: 0 })
    return status
  }
  yield log.add({ ...stepFields(step), type: 'step.started' })
  if (LONG_STEPS.has(step.kind)) await log.flush()
  if (keeper.isLeaseOver()) {
    tally.stopped ??= cutOffBy(keeper)
    yield finished(input, step, { status: 'skipped', duration_ms: 0 })
    return 'skipped'
  }
  const startedAtMs = apply.clock.monotonicMs()
  const outcome = yield* executeWithPatience(input, step)
  const duration_ms = wholeMsSince(apply.clock, startedAtMs)
  if (outcome.ok) {
    const { status, ...said } = outcome.value
    yield finished(input, step, { status, duration_ms, ...said })
    return status
  }
  const error = keeper.lost.aborted ? cutOffBy(keeper) : outcome.error
  if (error.kind === 'lost-lock') tally.stopped ??= error
  if (keeper.lost.aborted) tally.cutOff = step.name
  if (error.kind === 'unreachable') tally.unreached ??= error
  yield finished(input, step, { status: 'failed', duration_ms, error: runError(error) })
  return 'failed'
}

type Executing = AsyncGenerator<RunEvent, Result<StepOutcome, TargetError>>

/**
 * A step that may be repeated is, once the database answers again and the lock is known to be still ours. A migration that lost its
 * way to the database is judged by the next run.
 */
async function* executeWithPatience(input: RunStepsInput, step: Step): Executing {
  const { keeper, apply } = input
  for (let attempt = 1; ; attempt += 1) {
    const outcome = yield* execute(input, step)
    const isAway = !outcome.ok && outcome.error.kind === 'unreachable'
    if (!isAway || step.kind === 'migrate' || attempt >= ATTEMPTS) return outcome
    if (!(await keeper.answering(apply.signal))) return outcome
  }
}

async function* execute(input: RunStepsInput, step: Step): Executing {
  const { apply, token, keeper, tally } = input
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
    answering: () => keeper.answering(apply.signal),
    pace: {
      batchSize: Math.max(1, apply.migration?.batchSize ?? DEFAULT_BATCH_SIZE),
      pauseMs: apply.migration?.pauseMs ?? 0,
    },
    clock,
    samples: Math.min(apply.samples ?? MOST_SAMPLES, MOST_SAMPLES),
    leftovers: tally.leftovers,
  }
  const rate = new RateOfWork(clock)
  const work = withProgress<Result<StepOutcome, TargetError>>(clock, (report) =>
    untilLeaseEnds(
      keeper,
      executeStep(step, {
        ...base,
        onProgress: (done, total, unit) => report({ done, total, unit, ...rate.after(done, total) }),
        between: () =>
          hold(input, (pause) => {
            rate.forget()
            report(pause)
          }),
      }),
    ),
  )
  return yield* told(input, step, work)
}

/** The events of what a piece of work reports; returns its result. */
async function* told<T>(
  { log }: RunStepsInput,
  step: Step,
  work: AsyncGenerator<Progress | Pause, T>,
): AsyncGenerator<RunEvent, T> {
  for (;;) {
    const next = await work.next()
    if (next.done === true) return next.value
    if ('paused' in next.value) yield log.add({ type: 'run.paused', ...next.value })
    else yield log.add({ ...stepFields(step), type: 'step.progress', ...next.value })
    // Who looks from elsewhere wants to see it now, not at the end of a step that may take hours.
    if ('paused' in next.value) await log.flush()
    else await log.flushWhenDue()
  }
}

/** Waits while the run is paused; the lock is kept. Tells whether it is to go on, or to end here. */
async function hold(
  input: RunStepsInput,
  tell: (pause: Pause) => void,
): Promise<Result<'on' | 'cancelled', TargetError>> {
  const { keeper, apply } = input
  let isPaused = false
  for (;;) {
    await keeper.look()
    if (keeper.isLeaseOver()) return err(cutOffBy(keeper))
    const isEnding = isCancelled(input)
    // A run that ends does not go on.
    if (isEnding) return ok('cancelled')
    if (isPaused && !keeper.pauseRequested) tell({ paused: false })
    if (!keeper.pauseRequested) return ok('on')
    if (!isPaused) tell({ paused: true })
    isPaused = true
    await apply.clock.sleep(PAUSE_LOOK_MS, AbortSignal.any([apply.signal, keeper.lost]))
  }
}

interface Ending {
  readonly status: StepStatus
  readonly duration_ms: number
  readonly detail?: string
  readonly leftovers?: Leftovers
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
