import { isRefused, renderPlanText } from '@stage0/core'
import { observeAndPlan } from '@stage0/engine'
import { err, ok, type Result } from '@stage0/types'
import { confirm } from '../confirm.ts'
import type { Failure } from '../failure.ts'
import { exitForTarget } from '../present/outcome.ts'
import type { Io } from '../terminal/io.ts'
import type { Workbench } from './workbench.ts'

/**
 * Shows the plan on standard error and asks for consent to it.
 *
 * @returns The hash of what was agreed to, so that exactly this is applied; `undefined` where there is nothing to
 * agree to: nothing to do, or a plan with errors, which the run itself refuses with all of them.
 */
export async function agree(
  io: Io,
  { target, wanted, planOptions }: Workbench,
): Promise<Result<string | undefined, Failure>> {
  const planned = await observeAndPlan({ target, wanted, options: planOptions, signal: io.signal })
  if (!planned.ok) return err({ ...planned.error, exit: exitForTarget(planned.error) })
  const { plan, observed } = planned.value
  const isNothing = plan.steps.length === 0 && observed.interrupted === undefined
  if (isNothing || isRefused(plan)) return ok(undefined)
  io.err(renderPlanText(plan, { color: io.errColors.isColorSupported }))
  const confirmed = await confirm(io, {
    steps: plan.steps.length,
    database: plan.database,
    environment: plan.environment,
  })
  return confirmed.ok ? ok(plan.hash) : confirmed
}
