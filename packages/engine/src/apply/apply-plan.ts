import type { Plan } from '@stage0/core'
import { err, ok, type Result, type RunError, type RunEvent, type RunStatus } from '@stage0/types'
import { observeAndPlan } from '../observe-and-plan.ts'
import { MIN_LEASE_MS, type ApplyInput } from './apply-input.ts'
import { claimLock } from './claim.ts'
import { leftoversFound } from './find-leftovers.ts'
import { ContactFacts, withContact } from './contact-events.ts'
import { LockKeeper } from './lock-keeper.ts'
import { explainLoss } from './lock-loss.ts'
import { untilLeaseEnds, withPatience } from './patience.ts'
import { objection, prepareRun, type Prepared } from './prepare.ts'
import { RunLog, type EventDraft } from './run-log.ts'
import { runError, runSteps, type StepTally } from './run-steps.ts'
import type { RunOutcome, RunStorePort, StoredRun, TargetError } from '../ports.ts'
import { verify } from './verify.ts'
import { wholeMsSince } from './whole-ms.ts'

/**
 * Applies what is planned: claims the lock, takes an interrupted run over, plans again under the lock, carries out the steps,
 * verifies and records the outcome. The lock is released in every path, also when the caller stops reading.
 *
 * The last event is always `run.finished`. Without a `run.started` before it nothing was begun; its error says why
 * (`LOCK_HELD`, `PLAN_STALE`, `PLAN_REFUSED` with the problems as detail, `IDEMPOTENCY_KEY_USED` with the `run_id` of the
 * earlier run as detail, or a failure of the target). A run that finds nothing to do is recorded only where a plan was agreed
 * or a key was given.
 *
 * @throws RangeError for a lease shorter than 500 ms.
 */
export async function* applyPlan(input: ApplyInput): AsyncGenerator<RunEvent, void> {
  if (!(input.leaseMs >= MIN_LEASE_MS))
    throw new RangeError(`a lease of ${input.leaseMs} ms is shorter than ${MIN_LEASE_MS}`)
  const { clock, holder, idempotencyKey } = input
  const log = new RunLog(holder.runId, clock)
  const startedAtMs = clock.monotonicMs()
  const notBegun = (error: RunError): RunEvent => {
    const duration_ms = wholeMsSince(clock, startedAtMs)
    const status = error.code === 'CANCELLED' || error.code === 'TARGET_STOPPED' ? 'cancelled' : 'failed'
    return log.add({ type: 'run.finished', status, duration_ms, counts: {}, error: runError(error) })
  }
  if (idempotencyKey !== undefined) {
    // Before anything else: what the earlier run did would make every other answer misleading.
    const earlier = await input.target.runs.findByIdempotencyKey(idempotencyKey)
    if (!earlier.ok) return yield notBegun(earlier.error)
    if (earlier.value !== undefined) return yield notBegun(keyUsed(earlier.value))
  }
  if (input.expectedPlanHash === undefined) {
    // Without an agreed plan: a database that needs nothing is not written to, and its lock is left alone.
    const planned = await observeAndPlan(input)
    if (!planned.ok) return yield notBegun(planned.error)
    const { plan, observed } = planned.value
    const against = objection(plan, undefined)
    if (against !== undefined && observed.interrupted === undefined) {
      const atRest = await objectionAtRest(input)
      if (!atRest.ok) return yield notBegun(atRest.error)
      if (atRest.value !== undefined) return yield notBegun(atRest.value)
    } else if (plan.steps.length === 0 && observed.interrupted === undefined && !(await isToBeClaimed(input))) {
      yield log.add(started(plan, undefined))
      const duration_ms = wholeMsSince(clock, startedAtMs)
      return yield log.add({ type: 'run.finished', status: 'succeeded', duration_ms, counts: {} })
    }
  }
  const claim = await claimLock({ ...input, waitMs: input.waitMs ?? 0 })
  if (!claim.ok) return yield notBegun(claim.error)
  const keeper = new LockKeeper({ ...input, runId: holder.runId, token: claim.value })
  keeper.start()
  try {
    if (input.signal.aborted) return yield notBegun(cancelledEarly())
    const prepared = await prepareRun(input, claim.value)
    if (!prepared.ok) {
      // What is seen without the lock may be the work of its next holder.
      if (!keeper.isLeaseOver() || keeper.lossReason === 'unanswered') return yield notBegun(prepared.error)
      return yield notBegun(await lossOf(input, { token: claim.value, keeper }, 'nothing was begun'))
    }
    const facts = new ContactFacts()
    yield* withContact(run(input, { ...prepared.value, token: claim.value, keeper, log, facts }), facts, log)
  } finally {
    await keeper.stop()
    // Of a lock whose lease has ended while nobody answered there is nothing to give back.
    if (keeper.lossReason !== 'unanswered') await input.target.lock.release(claim.value)
  }
}

/**
 * Where nothing is to do, and yet a run is to be recorded: with a key whoever repeats the request, from whichever process, must find
 * it and begin none; and who is ready to wait sees the run to its end that holds the lock, or ends it when it is dead.
 */
async function isToBeClaimed({ target, idempotencyKey, waitMs = 0 }: ApplyInput): Promise<boolean> {
  if (idempotencyKey !== undefined) return true
  if (waitMs <= 0) return false
  const held = await target.lock.read()
  return !held.ok || held.value !== undefined
}

/**
 * What speaks against the plan when nobody is at work: another run, seen in the middle, may look like a conflict. So the
 * database is looked at again, with the lock free before and after. `undefined` where it is not free, or nothing speaks
 * against the plan any more: then claiming the lock tells.
 */
async function objectionAtRest(input: ApplyInput): Promise<Result<RunError | undefined, TargetError>> {
  const before = await input.target.lock.read()
  if (!before.ok || before.value !== undefined) return before.ok ? ok(undefined) : before
  const again = await observeAndPlan(input)
  if (!again.ok) return again
  const after = await input.target.lock.read()
  if (!after.ok || after.value !== undefined) return after.ok ? ok(undefined) : after
  const { plan, observed } = again.value
  return ok(observed.interrupted === undefined ? objection(plan, undefined) : undefined)
}

function started(plan: Plan, resumes: string | undefined): EventDraft {
  const warnings = plan.problems.filter(({ severity }) => severity === 'warning')
  return {
    type: 'run.started',
    plan_hash: plan.hash,
    steps: plan.steps.length,
    ...(warnings.length > 0 && { warnings }),
    ...(resumes !== undefined && { resumes }),
  }
}

/** The answer to a request that has become a run already. */
const keyUsed = ({ runId }: StoredRun): RunError => ({
  code: 'IDEMPOTENCY_KEY_USED',
  message: `Run ${runId} was begun with the same key, so no second one is.`,
  detail: { run_id: runId },
})

const cancelledEarly = (): RunError => ({ code: 'CANCELLED', message: 'Cancelled before anything was begun.' })

interface RunContext extends Prepared {
  readonly token: number
  readonly keeper: LockKeeper
  readonly log: RunLog
  readonly facts: ContactFacts
}

async function* run(input: ApplyInput, context: RunContext): AsyncGenerator<RunEvent, void> {
  const { plan, resumes, token, keeper, log, facts } = context
  const { target, holder, clock } = input
  // From here on, as the record has it: what was waited for and planned before is not the run.
  const startedAtMs = clock.monotonicMs()
  const tally: StepTally = {
    counts: {},
    finished: new Set(),
    stopped: undefined,
    unreached: undefined,
    cutOff: undefined,
    cancelled: false,
    leftovers: new Map(),
  }
  let isRecorded = false
  const appendEvents: RunStorePort['appendEvents'] = (...events) =>
    untilLeaseEnds(keeper, target.runs.appendEvents(...events))
  log.storeIn({ appendEvents }, () => keeper.isSilent)
  try {
    yield log.add(started(plan, resumes))
    keeper.listen(facts.tell)
    yield* runSteps({ apply: input, plan, token, keeper, log, tally })
    const outcome = await outcomeOf(input, context, tally)
    // Events before the outcome: who sees the outcome sees all of them but the last.
    await log.flush()
    const failure = await recordEnd(input, context, { ...outcome, counts: { ...tally.counts } })
    isRecorded = true
    keeper.listen(undefined)
    facts.clear()
    const error = outcome.error ?? (failure && runError(failure))
    const status = failure !== undefined && outcome.status.startsWith('succeeded') ? 'failed' : outcome.status
    const duration_ms = wholeMsSince(clock, startedAtMs)
    const last = log.add({
      type: 'run.finished',
      status,
      duration_ms,
      counts: { ...tally.counts },
      ...(error && { error }),
    })
    await log.flush()
    yield last
  } finally {
    // Reached without an outcome when the caller stopped reading, or when a defect was thrown.
    if (!isRecorded) {
      const counts = { ...tally.counts }
      await target.runs.finish(holder.runId, token, { status: 'cancelled', error: abandoned(), counts })
    }
  }
}

const abandoned = (): RunError => ({ code: 'CANCELLED', message: 'The run was given up before its end.' })

interface Outcome {
  readonly status: RunStatus
  readonly error: RunError | undefined
}

/** @returns why the outcome is not recorded. Where nobody answered until the lease ended the run stays open: the next one ends it. */
async function recordEnd(
  { target, holder, signal }: ApplyInput,
  { keeper, token }: RunContext,
  outcome: RunOutcome,
): Promise<TargetError | undefined> {
  if (keeper.lossReason === 'unanswered') return undefined
  const recorded = await withPatience(keeper, signal, () =>
    untilLeaseEnds(keeper, target.runs.finish(holder.runId, token, outcome)),
  )
  return recorded.ok ? undefined : recorded.error
}

const lossOf = async (
  { target }: ApplyInput,
  { keeper, token }: Pick<RunContext, 'keeper' | 'token'>,
  state: string,
): Promise<RunError> =>
  runError(await explainLoss({ lock: target.lock, token, reason: keeper.lossReason ?? 'gone', state }))

/** Failed if any step failed, or if the database is not as promised. */
async function outcomeOf(input: ApplyInput, context: RunContext, tally: StepTally): Promise<Outcome> {
  const { plan, keeper } = context
  if (keeper.lost.aborted || tally.stopped?.code === 'LOCK_LOST')
    return { status: 'failed', error: await lossOf(input, context, stateOf(plan, tally)) }
  if (tally.stopped !== undefined) return { status: 'failed', error: runError(tally.stopped) }
  const { target, wanted, options } = input
  const verified = await withPatience(keeper, input.signal, async () => {
    const found = await verify({ target, wanted, options, plan, finished: tally.finished, signal: keeper.lost })
    return found?.kind === 'unreachable' ? err(found) : ok(found)
  })
  if (keeper.lost.aborted) return { status: 'failed', error: await lossOf(input, context, stateOf(plan, tally)) }
  const difference = verified.ok ? verified.value : verified.error
  const failed = tally.counts.failed ?? 0
  if (failed > 0) {
    const message = `${failed} ${failed === 1 ? 'step' : 'steps'} failed${difference === undefined ? '' : `; ${difference.message}`}`
    const { unreached } = tally
    if (unreached === undefined) return { status: 'failed', error: { code: 'STEP_FAILED', message } }
    return { status: 'failed', error: runError({ ...unreached, message: `${message}: ${unreached.message}` }) }
  }
  if (difference !== undefined) return { status: 'failed', error: runError(difference) }
  if (tally.cancelled)
    return {
      status: 'cancelled',
      error: { code: 'CANCELLED', message: 'Cancelled; what was under way is finished, or goes on with the next run.' },
    }
  const left = new Map([...tally.leftovers].filter(([, count]) => count > 0))
  if (left.size > 0)
    return {
      status: 'succeeded_with_leftovers',
      error: runError(leftoversFound(left, { plan, samples: input.samples })),
    }
  return { status: 'succeeded', error: undefined }
}

/** How far the run got: "2 of 14 steps are done, and it is not known whether "build index a" took effect". */
function stateOf({ steps }: Plan, { finished, cutOff }: StepTally): string {
  const done = `${finished.size} of ${steps.length} steps ${finished.size === 1 ? 'is' : 'are'} done`
  return cutOff === undefined ? done : `${done}, and it is not known whether "${cutOff}" took effect`
}
