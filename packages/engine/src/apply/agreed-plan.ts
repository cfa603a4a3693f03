import { differenceText, isRestOf, planDifference, readPlan, savedPlan, type SavedPlan } from '@stage0/core'
import { err, ok, type Result, type RunError } from '@stage0/types'
import type { Planned } from '../observe-and-plan.ts'
import type { StoredRun, TargetError } from '../ports.ts'
import type { ApplyInput } from './apply-input.ts'

/** Whether what is planned now is what was agreed to, or what is left of it. */
type Standing = Result<undefined, RunError>

/**
 * Holds the plan that is made now against the one that was agreed to. It fits where it is the same, and where the newest run of the
 * database carried that very plan out, did not end well, and only steps of it are left, in its order. Anything else is `PLAN_STALE`,
 * with what changed where that can be told.
 */
export async function heldAgainstAgreed(input: ApplyInput, planned: Planned): Promise<Standing> {
  const { expectedPlanHash } = input
  const { plan, hashBeforeLook } = planned
  if (expectedPlanHash === undefined || expectedPlanHash === plan.hash || expectedPlanHash === hashBeforeLook)
    return ok(undefined)
  const last = await lastRunOf(input, expectedPlanHash)
  if (!last.ok) return last
  const now = savedPlan(plan)
  const isUnfinished = last.value !== undefined && !last.value.run.status.startsWith('succeeded')
  if (isUnfinished && last.value.plan !== undefined && isRestOf(now, last.value.plan, planned.observed))
    return ok(undefined)
  return err(stale(expectedPlanHash, now, input.expectedPlan ?? last.value?.plan, last.value?.run))
}

interface LastRun {
  readonly run: StoredRun
  /** What it was begun with: the plan itself, or what was left of it then. */
  readonly plan: SavedPlan | undefined
}

/** The newest run of the database, where it was one of this plan; `undefined` where it was not. */
async function lastRunOf({ target }: ApplyInput, hash: string): Promise<Result<LastRun | undefined, TargetError>> {
  const found = await target.runs.list({ offset: 0, limit: 1 })
  if (!found.ok) return found
  const run = found.value.runs[0]
  if (run === undefined || (run.agreedPlanHash ?? run.planHash) !== hash) return ok(undefined)
  const text = await target.runs.readPlan(run.runId)
  if (!text.ok) return text
  const read = text.value === undefined ? undefined : readPlan(text.value)
  return ok({ run, plan: read?.ok === true ? read.value : undefined })
}

const SHOWN = 12

function stale(hash: string, now: SavedPlan, agreed: SavedPlan | undefined, run: StoredRun | undefined): RunError {
  const plans = `The plan ${hash.slice(0, SHOWN)} no longer fits: now it would be ${now.hash.slice(0, SHOWN)}`
  if (run?.status.startsWith('succeeded') === true && now.steps.every(({ kind }) => kind === 'findLeftovers')) {
    const rest = now.steps.length === 0 ? 'nothing is left to do' : 'only a look at the documents it left is to follow'
    return {
      code: 'PLAN_STALE',
      message: `Run ${run.runId} has applied the plan ${hash.slice(0, SHOWN)}, and ${rest}`,
      hint: 'A plan is applied once. Plan again when the repository wants something else.',
    }
  }
  if (agreed === undefined) {
    const hint = 'The repository, the database or the settings changed since. Plan again and look at the new plan.'
    return { code: 'PLAN_STALE', message: plans, hint }
  }
  const difference = planDifference(agreed, now)
  return {
    code: 'PLAN_STALE',
    message: `${plans}, since ${differenceText(difference)}`,
    detail: difference,
    hint: 'Plan again and look at the new plan.',
  }
}
