import type { Observed, Plan } from '@stage0/core'
import type { Clock, TargetError, TargetPort } from '../ports.ts'
import type { KnownDuplicates } from './search-duplicates.ts'

/** Bounds of the work on the real data; a person sees them with the result. */
export interface EvidenceLimits {
  /** Longest time in all, in milliseconds. */
  readonly ms: number
  /** Most documents of a collection that one question looks at. */
  readonly documents: number
  /** Most samples per validator and index; 0: no stored value is shown. */
  readonly samples: number
}

/** What planning itself found out about stored documents. */
export interface LookedAt {
  readonly duplicates: KnownDuplicates
  /** Of the time that the evidence may take in all, in milliseconds. */
  readonly tookMs: number
}

export interface EvidenceInput {
  readonly target: TargetPort
  readonly plan: Plan
  /** What the plan was made from. */
  readonly observed: Observed
  readonly limits: EvidenceLimits
  /** What was found while the plan was made, within the same limits: not asked again. */
  readonly looked?: LookedAt | undefined
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
}

/** Failures after which there is no sense in asking on. */
export const isFatal = ({ kind }: TargetError): boolean => kind === 'unreachable' || kind === 'stopped'
