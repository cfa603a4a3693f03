import { planChanges, type Observed, type Plan, type PlanOptions, type Wanted } from '@stage0/core'
import { ok, type Result } from '@stage0/types'
import type { TargetError, TargetPort } from './ports.ts'
import { preflightTestData } from './preflight.ts'

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
 * Observes the target and plans the way to what is wanted, test data compared with stored documents included.
 * Writes nothing. A plan with errors is an `ok` result: `isRefused` tells.
 */
export async function observeAndPlan(input: PlanInput): Promise<Result<Planned, TargetError>> {
  const { target, wanted, options, signal } = input
  const observed = await target.observe(signal === undefined ? {} : { signal })
  if (!observed.ok) return observed
  const plan = planChanges(wanted, observed.value, options)
  const found = await preflightTestData({ target, wanted, observed: observed.value, plan, signal })
  if (!found.ok) return found
  if (found.value.length === 0) return ok({ observed: observed.value, plan })
  const findings = [...(options.findings ?? []), ...found.value]
  return ok({ observed: observed.value, plan: planChanges(wanted, observed.value, { ...options, findings }) })
}
