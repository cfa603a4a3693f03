import {
  documentCounts,
  isRefused,
  LOCAL_ENVIRONMENT,
  openRisks,
  renderPlanText,
  savedPlan,
  type SavedPlan,
} from '@stage0/core'
import { observeAndPlan } from '@stage0/engine'
import { err, ok, type Result } from '@stage0/types'
import { confirm } from '../confirm.ts'
import type { Failure } from '../failure.ts'
import type { EvidenceOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import type { Io } from '../terminal/io.ts'
import { evidenceFor, evidenceText, lookOf } from './evidence.ts'
import type { Workbench } from './workbench.ts'

/**
 * Shows the plan and what the stored documents say to it on standard error, and asks for consent to it.
 *
 * @returns What was agreed to, so that exactly this is applied; `undefined` where there is nothing to
 * agree to: nothing to do, or a plan with errors, which the run itself refuses with all of them.
 */
export async function agree(
  io: Io,
  workbench: Workbench,
  options: EvidenceOptions,
): Promise<Result<SavedPlan | undefined, Failure>> {
  const { target, wanted, planOptions } = workbench
  const look = lookOf(workbench, options)
  const planned = await observeAndPlan({ target, wanted, options: planOptions, ...look, signal: io.signal })
  if (!planned.ok) return err({ ...planned.error, exit: exitForTarget(planned.error) })
  const { plan, observed } = planned.value
  const isNothing = plan.steps.length === 0 && observed.interrupted === undefined
  if (isNothing || isRefused(plan)) return ok(undefined)
  io.err(renderPlanText(plan, { color: io.errColors.isColorSupported, documents: documentCounts(observed) }))
  if (io.interactive) {
    const evidence = await evidenceFor(io, workbench, planned.value, options)
    if (!evidence.ok) return err({ ...evidence.error, exit: exitForTarget(evidence.error) })
    io.err(evidenceText(evidence.value, io.errColors.isColorSupported))
  }
  const confirmed = await confirm(io, {
    steps: plan.steps.length,
    database: plan.database,
    environment: plan.environment,
    risks: openRisks(plan).length,
  })
  return confirmed.ok ? ok(savedPlan(plan)) : confirmed
}

/**
 * Where consent was given beforehand (`--yes`, `AUTO_PROCESS`) and real data are at stake: tells what it covers, so that it
 * stands in the log of the job. Nothing is told for `local`; a target that cannot be read is told by the run itself.
 */
export async function tellRisks(io: Io, { target, wanted, planOptions }: Workbench): Promise<void> {
  const { environment } = planOptions
  if (environment === LOCAL_ENVIRONMENT) return
  const planned = await observeAndPlan({ target, wanted, options: planOptions, look: 'none', signal: io.signal })
  if (!planned.ok || isRefused(planned.value.plan)) return
  for (const { code, what, why } of openRisks(planned.value.plan))
    io.err(`Risk in environment ${environment}: ${code} ${what}. ${why}\n`)
}
