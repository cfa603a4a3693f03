import { carriedJournal, isRefused, planToJson, type JournalEntry, type Plan } from '@stage0/core'
import { err, ok, type Result, type RunError } from '@stage0/types'
import { observeAndPlan, type Planned } from '../observe-and-plan.ts'
import type { TargetError } from '../ports.ts'
import { heldAgainstAgreed } from './agreed-plan.ts'
import type { ApplyInput } from './apply-input.ts'

export interface Prepared {
  readonly plan: Plan
  /** The interrupted run that this one finishes. */
  readonly resumes: string | undefined
}

/**
 * Why a plan is not applied, or `undefined`: it has errors, or it is another one than the one that was agreed to.
 *
 * @param stale That it is another one; it comes first, since the errors of a plan that nobody has seen would only confuse.
 */
export function objection(plan: Plan, stale: RunError | undefined): RunError | undefined {
  if (stale !== undefined) return stale
  if (!isRefused(plan)) return undefined
  const errors = plan.problems.filter((one) => one.severity === 'error')
  return {
    code: 'PLAN_REFUSED',
    message: `${errors.length === 1 ? 'An error speaks' : `${errors.length} errors speak`} against applying: ${errors.map((one) => one.text).join('; ')}`,
    detail: errors,
    hint: 'Nothing was changed. Correct what the errors name, then run again.',
  }
}

/**
 * Under the lock: takes an interrupted run over, plans again and writes the header of the run. What the dead run still does on
 * the server is ended before the database is judged.
 */
export async function prepareRun(input: ApplyInput, token: number): Promise<Result<Prepared, RunError>> {
  const first = await planAgain(input)
  if (!first.ok) return first
  const { interrupted, journal } = first.value.observed
  const resumes = interrupted?.runId
  const open = journal.filter(
    (entry, i) => entry.state === 'intended' && !journal.slice(i + 1).some((later) => later.stepId === entry.stepId),
  )
  const ended = await endLeftovers(input, open, token)
  if (ended !== undefined) return err(ended)
  if (resumes !== undefined) {
    // Only now: until then the next run must find all that there is to end.
    const superseded = await input.target.runs.supersede(resumes, { runId: input.holder.runId, token })
    if (!superseded.ok) return superseded
  }
  const planned = resumes === undefined && open.length === 0 ? first : await planAgain(input)
  if (!planned.ok) return planned
  const { plan, observed } = planned.value
  const agreed = await heldAgainstAgreed(input, planned.value)
  const against = objection(plan, agreed.ok ? undefined : agreed.error)
  if (against !== undefined) return err(against)
  const { holder, target } = input
  const begun = await target.runs.begin({
    runId: holder.runId,
    token,
    planHash: plan.hash,
    plan: planToJson(plan),
    agreedPlanHash: input.expectedPlanHash === plan.hash ? undefined : input.expectedPlanHash,
    holder,
    resumes,
    collections: [...new Set(plan.steps.flatMap(({ collection }) => (collection === '' ? [] : [collection])))],
    steps: plan.steps.length,
    idempotencyKey: input.idempotencyKey,
    journal: carriedJournal(plan, observed),
  })
  return begun.ok ? ok({ plan, resumes }) : begun
}

const planAgain = ({ target, wanted, options, samples, signal }: ApplyInput): Promise<Result<Planned, TargetError>> =>
  observeAndPlan({ target, wanted, options, samples, signal })

/** Also a run that has an outcome may have left an operation on the server: it lost its connection, not its work. */
async function endLeftovers(
  { target, signal }: ApplyInput,
  open: readonly JournalEntry[],
  token: number,
): Promise<TargetError | undefined> {
  for (const entry of open) {
    const ended = await target.endOperations(entry, token, signal)
    if (!ended.ok) return ended.error
  }
  return undefined
}
