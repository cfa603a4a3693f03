import { resolve } from 'node:path'
import { documentCounts, isRefused, planToJson, renderPlanText, renderReview, type Plan } from '@stage0/core'
import { observeAndPlan, type Planned } from '@stage0/engine'
import { EXIT, ok, type ExitCode, type PlanEvidence, type Result } from '@stage0/types'
import { tellFailure, type Failure } from '../failure.ts'
import { parseCount, withEvidence, withOutcomes, withTarget, type TargetOptions } from '../options.ts'
import { exitForRefused, exitForTarget } from '../present/outcome.ts'
import { hasErrors } from '../present/problems.ts'
import { writeAtomically } from '../present/write-atomically.ts'
import type { Io } from '../terminal/io.ts'
import { evidenceFor, evidenceText, lookOf } from '../wiring/evidence.ts'
import { withWorkbench, type Workbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface PlanOptions extends TargetOptions {
  readonly out?: string
  readonly markdown?: true
  readonly markdownLimit?: number
  readonly detailedExitcode?: true
  readonly forReview?: true
}

export function addPlan({ program, io, finish }: Verbs): void {
  withEvidence(withOutcomes(withTarget(program.command('plan'))))
    .description('Shows the steps from the database as it is to what the repository wants. Changes nothing.')
    .option('--out <file>', 'write the plan to a file, for apply --plan')
    .option('--markdown', 'print the plan as Markdown, for a review')
    .option(
      '--markdown-limit <bytes>',
      'with --markdown: so many bytes at most; what is left out is said at the end',
      parseCount,
    )
    .option('--for-review', 'somebody else applies the plan: what the connected user may not change is no problem')
    .option('--detailed-exitcode', 'end with 2 when there are changes')
    .addHelpText(
      'after',
      examples(
        'plan --repository ./my-repository --uri mongodb://127.0.0.1:27017/',
        'plan --out plan.json',
        'plan --markdown --markdown-limit 65536 > plan.md',
      ),
    )
    .action(async (options: PlanOptions) => finish(await plan(io, options)))
}

const plan = (io: Io, options: PlanOptions): Promise<ExitCode> =>
  withWorkbench(io, options, async (workbench) => {
    const { target, wanted } = workbench
    const look = lookOf(workbench, options)
    const planOptions = { ...workbench.planOptions, forReview: options.forReview }
    const planned = await observeAndPlan({ target, wanted, options: planOptions, ...look, signal: io.signal })
    if (!planned.ok) return tellFailure(io, { ...planned.error, exit: exitForTarget(planned.error) }, options.json)
    return show(io, workbench, planned.value, options)
  })

/** A plan that is refused goes into no file: nothing could apply it. */
async function writePlan(io: Io, plan: Plan, out: string): Promise<Result<void, Failure>> {
  if (isRefused(plan)) {
    io.err(`Not written to ${out}: errors speak against applying this plan.\n`)
    return ok(undefined)
  }
  const written = await writeAtomically(resolve(io.folder, out), `${planToJson(plan)}\n`)
  if (written.ok)
    io.err(`Written to ${out}. This applies exactly these steps, or nothing: stage0 apply --plan ${out}\n`)
  return written
}

/** As JSON and as Markdown it comes at once with its evidence; a person sees the plan while documents are looked at. */
const isWhole = ({ json, markdown }: PlanOptions): boolean => json === true || markdown === true

async function show(io: Io, workbench: Workbench, planned: Planned, options: PlanOptions): Promise<ExitCode> {
  const { plan, observed } = planned
  const documents = documentCounts(observed)
  if (options.out !== undefined) {
    const written = await writePlan(io, plan, options.out)
    if (!written.ok) return tellFailure(io, written.error, options.json)
  }
  const whole = (evidence?: PlanEvidence): string =>
    options.json === true
      ? `${planToJson(plan, evidence)}\n`
      : renderReview(plan, {
          documents,
          ...(evidence === undefined ? {} : { evidence }),
          ...(options.markdownLimit === undefined ? {} : { maxBytes: options.markdownLimit }),
        })
  if (!isWhole(options)) io.out(renderPlanText(plan, { color: io.outColors.isColorSupported, documents }))
  const evidence = await evidenceFor(io, workbench, planned, options)
  if (!evidence.ok) {
    // The plan holds without evidence, so that it is not lost to who reads it whole.
    if (isWhole(options)) io.out(whole())
    return tellFailure(io, { ...evidence.error, exit: exitForTarget(evidence.error) }, false)
  }
  io.out(isWhole(options) ? whole(evidence.value) : evidenceText(evidence.value, io.outColors.isColorSupported))
  if (hasErrors(plan.problems)) return exitForRefused(plan.problems)
  return options.detailedExitcode === true && plan.steps.length > 0 ? EXIT.changesPlanned : EXIT.done
}
