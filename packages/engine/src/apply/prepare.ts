import { carriedJournal, isRefused, planToJson, type Observed, type Plan } from '@stage0/core'
import { err, ok, type Result, type RunError } from '@stage0/types'
import { observeAndPlan, type Planned } from '../observe-and-plan.ts'
import type { TargetError } from '../ports.ts'
import type { ApplyInput } from './apply-input.ts'

export interface Prepared {
  readonly plan: Plan
  /** The interrupted run that this one finishes. */
  readonly resumes: string | undefined
}

/** Why a plan is not applied, or `undefined`: it has errors, or it is another one than the one that was agreed to. */
export function objection(plan: Plan, expectedHash: string | undefined): RunError | undefined {
  // A difference comes first: the errors of a plan that nobody has seen would only confuse.
  if (expectedHash !== undefined && expectedHash !== plan.hash) {
    return {
      code: 'PLAN_STALE',
      message: `The plan ${expectedHash.slice(0, 12)} no longer fits: now it would be ${plan.hash.slice(0, 12)}`,
      hint: 'The repository, the database or the settings changed since. Plan again and look at the new plan.',
    }
  }
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
  const resumes = first.value.observed.interrupted?.runId
  const taken = resumes === undefined ? undefined : await takeOver(input, token, resumes, first.value.observed)
  if (taken !== undefined) return err(taken)
  const planned = resumes === undefined ? first : await planAgain(input)
  if (!planned.ok) return planned
  const { plan, observed } = planned.value
  const against = objection(plan, input.expectedPlanHash)
  if (against !== undefined) return err(against)
  const { holder, target } = input
  const begun = await target.runs.begin({
    runId: holder.runId,
    token,
    planHash: plan.hash,
    plan: planToJson(plan),
    holder,
    resumes,
    journal: carriedJournal(plan, observed),
  })
  return begun.ok ? ok({ plan, resumes }) : begun
}

const planAgain = ({ target, wanted, options, signal }: ApplyInput): Promise<Result<Planned, TargetError>> =>
  observeAndPlan({ target, wanted, options, signal })

async function takeOver(
  { target, holder, signal }: ApplyInput,
  token: number,
  resumes: string,
  observed: Observed,
): Promise<TargetError | undefined> {
  const superseded = await target.runs.supersede(resumes, { runId: holder.runId, token })
  if (!superseded.ok) return superseded.error
  const last = new Map(observed.journal.map((entry) => [entry.stepId, entry]))
  for (const entry of last.values()) {
    if (entry.state === 'done') continue
    const ended = await target.endOperations(entry.comment, signal)
    if (!ended.ok) return ended.error
  }
  return undefined
}
