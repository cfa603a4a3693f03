import { planChanges, type Observed, type Plan, type PlanOptions, type Wanted } from '@stage0/core'
import { ok, type Result } from '@stage0/types'
import type { TargetError, TargetPort } from './ports.ts'
import { preflightTestData } from './preflight.ts'
import { preflightIndexes } from './preflight-indexes.ts'

export interface PlanInput {
  readonly target: TargetPort
  readonly wanted: Wanted
  readonly options: PlanOptions
  readonly signal?: AbortSignal | undefined
}

export interface Planned {
  readonly observed: Observed
  readonly plan: Plan
}

/**
 * Observes the target and plans the way to what is wanted, compared with stored documents: test data, and unique indexes.
 * Writes nothing. A plan with errors is an `ok` result: `isRefused` tells.
 */
export async function observeAndPlan(input: PlanInput): Promise<Result<Planned, TargetError>> {
  const { target, wanted, options, signal } = input
  const observed = await target.observe(signal === undefined ? {} : { signal })
  if (!observed.ok) return observed
  const plan = planChanges(wanted, observed.value, options)
  const looking = { target, wanted, observed: observed.value, plan, signal }
  const duplicates = await preflightIndexes(looking)
  if (!duplicates.ok) return duplicates
  const testData = await preflightTestData(looking)
  if (!testData.ok) return testData
  const found = [...duplicates.value, ...testData.value]
  if (found.length === 0) return ok({ observed: observed.value, plan })
  const findings = [...(options.findings ?? []), ...found]
  return ok({ observed: observed.value, plan: planChanges(wanted, observed.value, { ...options, findings }) })
}
