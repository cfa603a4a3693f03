import { evidenceQuestions, type EvidenceQuestion, type Observed } from '@stage0/core'
import { ok, type PlanEvidence, type Result } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import { answer, type Answer } from './answer.ts'
import type { Asking } from './asking.ts'
import { collectionEvidence } from './collection-evidence.ts'
import { isFatal, type EvidenceInput } from './evidence-input.ts'

/**
 * What the stored documents say about a plan: those that would fail a validator, those that would break a unique index, those
 * that an index would delete, and how much work each step is. Only reads. Small collections are asked about first, so that one large one does not use up the
 * time of all; what could not be finished says so. An error only where the database is not reachable or the signal aborts: a
 * question that the server refuses is told with its collection.
 */
export async function gatherEvidence(input: EvidenceInput): Promise<Result<PlanEvidence, TargetError>> {
  const { plan, observed, limits, looked, clock } = input
  const began = clock.monotonicMs() - (looked?.tookMs ?? 0)
  const questions = evidenceQuestions(plan, observed)
  const asking: Asking = { ...input, endMs: began + limits.ms, totals: new Map() }
  const answers = new Map<EvidenceQuestion, Answer>()
  for (const question of [...questions].sort((a, b) => a.documents - b.documents)) {
    const found = await answer(asking, question, looked?.duplicates)
    if (!found.ok) return found
    answers.set(question, found.value)
  }
  const collections: PlanEvidence['collections'] = []
  for (const { name, stepIds } of plan.collections) {
    if (stepIds.length === 0 || !isThere(observed, name)) continue
    const size = await input.target.evidence.size(name, input.signal)
    if (!size.ok && isFatal(size.error)) return size
    const own = questions.filter(({ collection }) => collection === name).flatMap((one) => answers.get(one) ?? [])
    collections.push(collectionEvidence(plan, name, size, own))
  }
  return ok({
    plan_hash: plan.hash,
    at: clock.now().toISOString(),
    took_ms: Math.max(0, Math.round(clock.monotonicMs() - began)),
    limits: { ...limits },
    collections,
  })
}

const isThere = ({ collections }: Observed, name: string): boolean =>
  collections.some((one) => one.name === name && one.type === 'collection')
