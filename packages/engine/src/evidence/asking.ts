import type { EvidenceQuestion } from '@stage0/core'
import { ok, type EvidenceScan, type Result } from '@stage0/types'
import type { TargetError, TargetPort } from '../ports.ts'
import type { EvidenceInput } from './evidence-input.ts'

/** Questions to one database, within bounds that they share. */
export interface Asking extends Pick<EvidenceInput, 'observed' | 'limits' | 'clock' | 'signal'> {
  readonly target: Pick<TargetPort, 'evidence'>
  /** By the monotonic clock: nothing is asked after it. */
  readonly endMs: number
  /** Documents by collection, counted up to one more than the limit. */
  readonly totals: Map<string, number>
}

/** Documents of a collection, unless the time was over before they were counted. */
export type Total = number | 'time'

/** Once per collection: its steps ask about the same documents. */
export async function totalOf(asking: Asking, collection: string): Promise<Result<Total, TargetError>> {
  const { target, observed, limits, totals, signal } = asking
  const known = totals.get(collection)
  if (known !== undefined) return ok(known)
  const maxMs = remainingMs(asking)
  if (maxMs < 1) return ok('time')
  const isSharded = observed.server.kind === 'sharded'
  const counted = await target.evidence.count({ collection, upTo: limits.documents + 1, isSharded, maxMs, signal })
  if (counted.ok && counted.value !== 'time') totals.set(collection, counted.value)
  return counted
}

const remainingMs = ({ clock, endMs }: Asking): number => Math.floor(endMs - clock.monotonicMs())

/** What every query is bounded by; a limit that is not reached is not sent. */
export const bounds = (asking: Asking, { collection, foreseen }: EvidenceQuestion, total: Total) => ({
  collection,
  resumed: foreseen.isExact ? foreseen.resumed : undefined,
  stages: foreseen.isExact ? foreseen.stages : [],
  limit: total === 'time' || total > asking.limits.documents ? asking.limits.documents : undefined,
  maxMs: remainingMs(asking),
  signal: asking.signal,
})

/** @param atLeast Documents that the answer itself speaks of: others may have inserted some since they were counted. */
export function scanOf(
  { limits }: Pick<Asking, 'limits'>,
  { foreseen }: EvidenceQuestion,
  total: Total,
  isFinished: boolean,
  atLeast = 0,
): EvidenceScan {
  const base = { basis: foreseen.basis, foreseen: foreseen.isExact }
  const { documents } = limits
  if (!isFinished || total === 'time') return { ended: 'time', ...base }
  if (total > documents) return { ended: 'limit', checked: documents, ...base }
  const checked = Math.max(total, atLeast)
  return { ended: 'all', checked, total: checked, ...base }
}
