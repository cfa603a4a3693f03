import { evidenceQuestions, renderEvidenceText } from '@stage0/core'
import { gatherEvidence, type EvidenceLimits, type Planned, type PlanInput, type TargetError } from '@stage0/engine'
import { ok, type PlanEvidence, type Result } from '@stage0/types'
import { systemClock } from '@stage0/workspace'
import type { EvidenceOptions } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import type { Workbench } from './workbench.ts'

/** How a plan that a person is to read looks at stored documents: bounded, or with `--no-evidence` not at all. */
export function lookOf(workbench: Workbench, { evidence }: EvidenceOptions): Pick<PlanInput, 'look' | 'samples'> {
  const { ms, documents, samples } = limitsOf(workbench)
  return { look: evidence === false ? 'none' : { ms, documents, clock: systemClock }, samples }
}

/** What the stored documents say to a plan, where that is asked for and there is something to do. */
export async function evidenceFor(
  io: Io,
  workbench: Workbench,
  { plan, observed, looked }: Planned,
  { evidence }: EvidenceOptions,
): Promise<Result<PlanEvidence | undefined, TargetError>> {
  if (plan.steps.length === 0) return ok(undefined)
  if (evidence === false) {
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

/** The evidence for a terminal. */
export const evidenceText = (evidence: PlanEvidence | undefined, color: boolean): string =>
  evidence === undefined ? '' : renderEvidenceText(evidence, { color })

const NOT_LOOKED =
  'The stored documents were not looked at: whether a unique index meets equal values is not known. Apply looks before it changes anything.\n'

const limitsOf = ({ settings }: Workbench): EvidenceLimits => ({
  ms: settings.EVIDENCE_MAX_MS.value,
  documents: settings.EVIDENCE_MAX_DOCUMENTS.value,
  samples: settings.EVIDENCE_SAMPLES.value,
})
