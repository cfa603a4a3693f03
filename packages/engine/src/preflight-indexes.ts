import { evidenceQuestions, type Observed, type Plan, type UniqueQuestion, type Wanted } from '@stage0/core'
import { ERRORS, ok, type Problem, type Result } from '@stage0/types'
import { isFatal } from './evidence/evidence-input.ts'
import { duplicatesText, findIndexDuplicates } from './index-duplicates.ts'
import type { TargetError, TargetPort } from './ports.ts'
import { findVersion } from './preflight.ts'

export interface IndexPreflightInput {
  readonly target: Pick<TargetPort, 'evidence'>
  readonly wanted: Wanted
  readonly observed: Observed
  readonly plan: Plan
  readonly signal?: AbortSignal | undefined
}

/** For each index: planning must not take for ever. What is not found in this time is found right before a drop, or by the build. */
const LOOK_MS = 10_000

/**
 * Looks for documents that a unique index of the plan would refuse, with the effect of the migrations before it, before anything is
 * changed. Where that effect is not known, or the time is over, nothing is said: a plan must not depend on how busy a server is.
 */
export async function preflightIndexes(input: IndexPreflightInput): Promise<Result<readonly Problem[], TargetError>> {
  const problems: Problem[] = []
  for (const question of evidenceQuestions(input.plan, input.observed)) {
    if (question.kind !== 'unique' || !question.foreseen.isExact) continue
    const { collection, index } = question
    const { stages } = question.foreseen
    const { target, signal } = input
    const found = await findIndexDuplicates({ target, collection, index, stages, maxMs: LOOK_MS, signal })
    if (!found.ok && isFatal(found.error)) return found
    if (found.ok && found.value !== undefined)
      problems.push(problemAt(input.wanted, question, duplicatesText(collection, index, found.value)))
  }
  return ok(problems)
}

function problemAt(wanted: Wanted, { collection, version, index }: UniqueQuestion, text: string): Problem {
  const indexes = findVersion(wanted, collection, version)?.addIndexes
  const source = indexes?.find((one) => one.name === index.name)?.source
  return {
    code: 'INDEX_DUPLICATES',
    severity: 'error',
    ...(source && { file: source.file, pointer: source.pointer, line: source.line, column: source.column }),
    text,
    hint: ERRORS.INDEX_DUPLICATES.fix,
  }
}
