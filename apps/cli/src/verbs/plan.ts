import { resolve } from 'node:path'
import {
  documentCounts,
  evidenceQuestions,
  planToJson,
  renderEvidenceMarkdown,
  renderEvidenceText,
  renderPlanMarkdown,
  renderPlanText,
} from '@stage0/core'
import { gatherEvidence, observeAndPlan, type EvidenceLimits, type IndexLook, type Planned } from '@stage0/engine'
import { EXIT, ok, type ExitCode, type PlanEvidence } from '@stage0/types'
import { tellFailure } from '../failure.ts'
import { parseCount, withOutcomes, withTarget, type TargetOptions } from '../options.ts'
import { exitForRefused, exitForTarget } from '../present/outcome.ts'
import { hasErrors } from '../present/problems.ts'
import { writeAtomically } from '../present/write-atomically.ts'
import type { Io } from '../terminal/io.ts'
import { systemClock } from '@stage0/workspace'
import { withWorkbench, type Workbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface PlanOptions extends TargetOptions {
  readonly out?: string
  readonly markdown?: true
  readonly detailedExitcode?: true
  readonly evidence?: boolean
  readonly evidenceLimit?: number
}

export function addPlan({ program, io, finish }: Verbs): void {
  withOutcomes(withTarget(program.command('plan')))
    .description('Shows the steps from the database as it is to what the repository wants. Changes nothing.')
    .option('--out <file>', 'write the plan to a file, for apply --plan')
    .option('--evidence', 'look at the stored documents: which would fail, and which are duplicates; the default')
    .option('--no-evidence', 'do not look at the stored documents')
    .option(
      '--evidence-limit <documents>',
      'so many documents of each collection at most (EVIDENCE_MAX_DOCUMENTS)',
      parseCount,
    )
    .option('--markdown', 'print the plan as Markdown, for a review')
    .option('--detailed-exitcode', 'end with 2 when there are changes')
    .addHelpText(
      'after',
      examples(
        'plan --repository ./my-repository --uri mongodb://127.0.0.1:27017/',
        'plan --out plan.json',
        'plan --markdown > plan.md',
      ),
    )
    .action(async (options: PlanOptions) => finish(await plan(io, options)))
}

const plan = (io: Io, options: PlanOptions): Promise<ExitCode> =>
  withWorkbench(
    io,
    options,
    async (workbench) => {
      const { target, wanted, planOptions } = workbench
      const look = options.evidence === false ? 'none' : lookOf(workbench)
      const { samples } = limitsOf(workbench)
      const planned = await observeAndPlan({ target, wanted, options: planOptions, look, samples, signal: io.signal })
      if (!planned.ok) return tellFailure(io, { ...planned.error, exit: exitForTarget(planned.error) }, options.json)
      return show(io, workbench, planned.value, options)
    },
    options.evidenceLimit === undefined ? {} : { EVIDENCE_MAX_DOCUMENTS: String(options.evidenceLimit) },
  )

/** The plan is shown before the documents are looked at, which may take a while; as JSON both come at once. */
async function show(io: Io, workbench: Workbench, planned: Planned, options: PlanOptions): Promise<ExitCode> {
  const { plan, observed } = planned
  const documents = documentCounts(observed)
  if (options.out !== undefined) {
    const written = await writeAtomically(resolve(io.folder, options.out), `${planToJson(plan)}\n`)
    if (!written.ok) return tellFailure(io, written.error, options.json)
    io.err(
      `Written to ${options.out}. This applies exactly these steps, or nothing: stage0 apply --plan ${options.out}\n`,
    )
  }
  const isJson = options.json === true
  const isMarkdown = options.markdown === true
  if (!isJson && isMarkdown) io.out(renderPlanMarkdown(plan, { documents }))
  else if (!isJson) io.out(renderPlanText(plan, { color: io.outColors.isColorSupported, documents }))
  const evidence = await look(io, workbench, planned, options)
  if (!evidence.ok) {
    // The plan holds without evidence, so that it is not lost to a reader of JSON.
    if (isJson) io.out(`${planToJson(plan)}\n`)
    return tellFailure(io, { ...evidence.error, exit: exitForTarget(evidence.error) }, false)
  }
  if (isJson) io.out(`${planToJson(plan, evidence.value)}\n`)
  else if (evidence.value !== undefined) io.out(textOf(io, evidence.value, isMarkdown))
  if (hasErrors(plan.problems)) return exitForRefused(plan.problems)
  return options.detailedExitcode === true && plan.steps.length > 0 ? EXIT.changesPlanned : EXIT.done
}

const textOf = (io: Io, evidence: PlanEvidence, isMarkdown: boolean): string =>
  isMarkdown ? renderEvidenceMarkdown(evidence) : renderEvidenceText(evidence, { color: io.outColors.isColorSupported })

/** What the stored documents say, where that is asked for and there is something to do. */
async function look(io: Io, workbench: Workbench, { plan, observed, looked }: Planned, options: PlanOptions) {
  if (plan.steps.length === 0) return ok(undefined)
  if (options.evidence === false) {
    const isLookedFor = evidenceQuestions(plan, observed).some(({ kind }) => kind === 'unique')
    if (isLookedFor) io.err(NOT_LOOKED)
    return ok(undefined)
  }
  const limits = limitsOf(workbench)
  if (io.progressIsLive)
    io.err(`Looking at the stored documents, for ${limits.ms / 1000} s at most; --no-evidence leaves this out.\n`)
  const { target } = workbench
  return gatherEvidence({ target, plan, observed, limits, looked, clock: systemClock, signal: io.signal })
}

const NOT_LOOKED =
  'The stored documents were not looked at: whether a unique index meets equal values is not known. Apply looks before it changes anything.\n'

const limitsOf = ({ settings }: Workbench): EvidenceLimits => ({
  ms: settings.EVIDENCE_MAX_MS.value,
  documents: settings.EVIDENCE_MAX_DOCUMENTS.value,
  samples: settings.EVIDENCE_SAMPLES.value,
})

const lookOf = (workbench: Workbench): IndexLook => {
  const { ms, documents } = limitsOf(workbench)
  return { ms, documents, clock: systemClock }
}
