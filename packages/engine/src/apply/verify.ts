import { planChanges, type Plan, type PlanOptions, type Wanted } from '@stage0/core'
import type { TargetError, TargetPort } from '../ports.ts'

export interface VerifyInput {
  readonly target: TargetPort
  readonly wanted: Wanted
  readonly options: PlanOptions
  /** The plan that was applied. */
  readonly plan: Plan
  /** Ids of the steps that were carried out or found done. */
  readonly finished: ReadonlySet<string>
  readonly signal: AbortSignal
}

/**
 * Observes once more: every collection whose steps all ended must be as the plan promised, which means that planning again finds
 * nothing to do for it and no difference that was not there before.
 */
export async function verify(input: VerifyInput): Promise<TargetError | undefined> {
  const { target, wanted, options, plan, finished, signal } = input
  const observed = await target.observe({ signal })
  if (!observed.ok) return observed.error
  const again = planChanges(wanted, observed.value, options)
  const differences: string[] = []
  for (const before of plan.collections) {
    if (before.stepIds.length === 0 || !before.stepIds.every((id) => finished.has(id))) continue
    const after = again.collections.find((one) => one.name === before.name)
    const newest = before.pending.at(-1) ?? before.recorded
    if (after?.recorded !== newest) differences.push(`${before.name}: version ${newest} is not recorded`)
    const drift = after?.drift.filter((words) => !before.drift.includes(words)) ?? []
    differences.push(...drift.map((words) => `${before.name}: ${words}`))
  }
  for (const step of again.steps) {
    if (step.kind === 'recordEnumerators' && finished.has(step.id))
      differences.push(`enumerators ${step.version} are not as stored`)
  }
  if (differences.length === 0) return undefined
  return {
    code: 'VERIFY_FAILED',
    kind: 'refused',
    message: `The database is not as planned: ${differences.join('; ')}`,
    detail: differences,
    hint: 'Somebody else changed the database while the run was going on. Plan again.',
  }
}
