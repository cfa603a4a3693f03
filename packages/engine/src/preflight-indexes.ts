import {
  APPLY_LOOK_MS,
  evidenceQuestions,
  readIndexKeys,
  type Observed,
  type Plan,
  type UniqueQuestion,
  type Wanted,
} from '@stage0/core'
import { ERRORS, ok, type Problem, type Result } from '@stage0/types'
import type { Asking } from './evidence/asking.ts'
import { isFatal, type LookedAt } from './evidence/evidence-input.ts'
import type { Duplicates } from './evidence/evidence-port.ts'
import { searchDuplicates, searchKey, type SearchedDuplicates } from './evidence/search-duplicates.ts'
import { duplicatesFound, findIndexDuplicates, SHOWN_DUPLICATES } from './index-duplicates.ts'
import type { Clock, TargetError, TargetPort } from './ports.ts'
import { findVersion } from './preflight.ts'

/** How far a look at the stored documents goes. */
export interface IndexLook {
  /** Most documents of a collection. */
  readonly documents: number
  /** Longest time of the whole evidence, in milliseconds; half of it is left to the other questions. */
  readonly ms: number
  readonly clock: Clock
}

export interface IndexPreflightInput {
  readonly target: Pick<TargetPort, 'evidence'>
  readonly wanted: Wanted
  readonly observed: Observed
  readonly plan: Plan
  /** Bounds of a plan that is only shown. Absent: all documents are looked at, as becomes a plan that is about to be applied. */
  readonly look?: IndexLook | undefined
  /** Most values of stored documents per index; 0: none is told. */
  readonly samples: number
  readonly signal?: AbortSignal | undefined
}

export interface IndexPreflight {
  readonly problems: readonly Problem[]
  /** For the evidence; only where the look was bounded as the evidence is. */
  readonly looked: LookedAt | undefined
}

/**
 * Looks for documents that a unique index of the plan would refuse, with the effect of the migrations before it, before anything is
 * changed. Where that effect is not known, or the time is over, nothing is said: a plan must not depend on how busy a server is.
 */
export async function preflightIndexes(input: IndexPreflightInput): Promise<Result<IndexPreflight, TargetError>> {
  const questions = evidenceQuestions(input.plan, input.observed).flatMap((one) =>
    one.kind === 'unique' && one.foreseen.isExact ? [one] : [],
  )
  return input.look === undefined ? lookAtAll(input, questions) : lookWithin(input, input.look, questions)
}

async function lookAtAll(
  input: IndexPreflightInput,
  questions: readonly UniqueQuestion[],
): Promise<Result<IndexPreflight, TargetError>> {
  const problems: Problem[] = []
  for (const question of questions) {
    const { collection, index, foreseen } = question
    const { target, signal, samples } = input
    const found = await findIndexDuplicates({
      target,
      collection,
      index,
      foreseen,
      samples,
      maxMs: APPLY_LOOK_MS,
      signal,
    })
    if (!found.ok && isFatal(found.error)) return found
    if (found.ok && found.value !== undefined) problems.push(problemAt(input, question, found.value))
  }
  return ok({ problems, looked: undefined })
}

/** What is found is kept for the evidence, so that both say the same and nothing is asked twice. */
async function lookWithin(
  input: IndexPreflightInput,
  { documents, ms, clock }: IndexLook,
  questions: readonly UniqueQuestion[],
): Promise<Result<IndexPreflight, TargetError>> {
  const began = clock.monotonicMs()
  const limits = { ms: Math.max(1, Math.floor(ms / 2)), documents, samples: input.samples }
  const asking: Asking = { ...input, signal: input.signal, limits, clock, endMs: began + limits.ms, totals: new Map() }
  const duplicates = new Map<string, SearchedDuplicates>()
  for (const question of [...questions].sort((a, b) => a.documents - b.documents)) {
    const keys = readIndexKeys(question.index)
    if (keys === undefined) continue
    const searched = await searchDuplicates(asking, question, keys)
    if (!searched.ok && isFatal(searched.error)) return searched
    // What the server refuses is told with the evidence, which asks again.
    if (searched.ok) duplicates.set(searchKey(question), searched.value)
  }
  const problems = questions.flatMap((question) => {
    const searched = duplicates.get(searchKey(question))
    if (searched === undefined || searched.found === 'time' || searched.found.keys === 0) return []
    const isCut = searched.total === 'time' || searched.total > documents
    return problemAt(input, question, searched.found, isCut ? documents : undefined)
  })
  return ok({ problems, looked: { duplicates, tookMs: clock.monotonicMs() - began } })
}

/** @param among So many documents were looked at; all where absent. */
function problemAt(
  { wanted, samples }: Pick<IndexPreflightInput, 'wanted' | 'samples'>,
  { collection, version, index }: UniqueQuestion,
  found: Duplicates,
  among?: number,
): Problem {
  const indexes = findVersion(wanted, collection, version)?.addIndexes
  const source = indexes?.find((one) => one.name === index.name)?.source
  return {
    code: 'INDEX_DUPLICATES',
    severity: 'error',
    ...(source && { file: source.file, pointer: source.pointer, line: source.line, column: source.column }),
    text: duplicatesFound(collection, index, found, { samples: Math.min(samples, SHOWN_DUPLICATES), among }),
    hint: ERRORS.INDEX_DUPLICATES.fix,
  }
}
