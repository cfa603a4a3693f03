import type { IndexKeys, UniqueQuestion } from '@stage0/core'
import { ok, type Result } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import { bounds, totalOf, type Asking, type Total } from './asking.ts'
import type { Duplicates } from './evidence-port.ts'

/** What was found for a unique index, and where it was looked for. */
export interface SearchedDuplicates {
  readonly found: Duplicates | 'time'
  readonly total: Total
  /** Longest time of the search, in milliseconds. */
  readonly limitMs: number
}

/** What is known of the duplicates under the unique indexes of a plan, by `searchKey`. */
export type KnownDuplicates = ReadonlyMap<string, SearchedDuplicates>

export const searchKey = ({ stepId, index }: Pick<UniqueQuestion, 'stepId' | 'index'>): string =>
  `${stepId} ${index.name}`

/** Looks for documents that share a key of a unique index, within the bounds. */
export async function searchDuplicates(
  asking: Asking,
  question: UniqueQuestion,
  keys: IndexKeys,
): Promise<Result<SearchedDuplicates, TargetError>> {
  const total = await totalOf(asking, question.collection)
  if (!total.ok) return total
  const { limits, target } = asking
  const query = bounds(asking, question, total.value)
  const found =
    query.maxMs < 1
      ? ok('time' as const)
      : await target.evidence.findDuplicates({ ...query, keys, samples: limits.samples })
  return found.ok ? ok({ found: found.value, total: total.value, limitMs: limits.ms }) : found
}
