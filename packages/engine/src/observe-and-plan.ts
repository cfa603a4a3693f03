import { planChanges, type Observed, type Plan, type PlanOptions, type Wanted } from '@stage0/core'
import { ok, type Problem, type Result } from '@stage0/types'
import type { TargetError, TargetPort } from './ports.ts'
import { preflightTestData } from './preflight.ts'
import type { LookedAt } from './evidence/evidence-input.ts'
import { preflightIndexes, type IndexLook } from './preflight-indexes.ts'

export interface PlanInput {
  readonly target: TargetPort
  readonly wanted: Wanted
  readonly options: PlanOptions
  /**
   * How far stored documents are looked through for duplicates. Absent: all of them, as becomes a plan that is about to be applied;
   * `none`: not at all, which is for plans that are only shown.
   */
  readonly look?: IndexLook | 'none' | undefined
  /** Most stored documents and keys that are told with their values, for each index; 0: counts only. Default 20. */
  readonly samples?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Planned {
  readonly observed: Observed
  readonly plan: Plan
  /** What was found about stored documents on the way, for the evidence; only with a bounded look. */
  readonly looked?: LookedAt | undefined
  /**
   * The hash without the duplicates that were found, where some were: that of a plan for whose review fewer documents were looked
   * at. Who agreed to it is told of the duplicates, not of a plan that changed.
   */
  readonly hashBeforeLook?: string | undefined
}

/** Samples of a place where nothing else is said. */
const SAMPLES = 20

/**
 * Observes the target and plans the way to what is wanted, compared with stored documents: test data, and unique indexes.
 * Writes nothing. A plan with errors is an `ok` result: `isRefused` tells.
 */
export async function observeAndPlan(input: PlanInput): Promise<Result<Planned, TargetError>> {
  const { target, wanted, options, signal } = input
  const observed = await target.observe(signal === undefined ? {} : { signal })
  if (!observed.ok) return observed
  const plan = planChanges(wanted, observed.value, options)
  const samples = input.samples ?? SAMPLES
  const looking = { target, wanted, observed: observed.value, plan, samples, signal }
  const indexes = input.look === 'none' ? ok(UNSEEN) : await preflightIndexes({ ...looking, look: input.look })
  if (!indexes.ok) return indexes
  const testData = await preflightTestData(looking)
  if (!testData.ok) return testData
  const { problems: duplicates, looked } = indexes.value
  const planWith = (found: readonly Problem[]): Plan =>
    found.length === 0
      ? plan
      : planChanges(wanted, observed.value, { ...options, findings: [...(options.findings ?? []), ...found] })
  return ok({
    observed: observed.value,
    plan: planWith([...duplicates, ...testData.value]),
    looked,
    ...(duplicates.length > 0 && { hashBeforeLook: planWith(testData.value).hash }),
  })
}

const UNSEEN = { problems: [], looked: undefined }
