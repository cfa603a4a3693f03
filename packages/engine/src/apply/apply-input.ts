import type { PlanOptions, SavedPlan, Wanted } from '@stage0/core'
import type { Clock, IsGone, LockHolder, TargetPort } from '../ports.ts'

export interface ApplyInput {
  readonly target: TargetPort
  readonly wanted: Wanted
  readonly options: PlanOptions
  /**
   * The hash of the plan that was agreed to; another plan is refused as `PLAN_STALE`, unless it is what an interrupted run of the
   * agreed one has left. Absent: whatever is planned now is applied.
   */
  readonly expectedPlanHash?: string | undefined
  /** The plan of that hash, where it is at hand: so that a refusal says what changed. */
  readonly expectedPlan?: SavedPlan | undefined
  /** Who runs; `runId` must be new and sortable by nothing but itself, a random UUID will do. */
  readonly holder: LockHolder
  /** Lease of the lock in milliseconds, at least 500; renewed at a third of it. */
  readonly leaseMs: number
  /** How long to wait for another run to end, in milliseconds; 0, the default, does not wait. */
  readonly waitMs?: number | undefined
  /** Tells of the holder of the lock that its process is gone, where this machine can know. */
  readonly isGone?: IsGone | undefined
  /** Stops everything at the first failure instead of the failing collection only. */
  readonly failFast?: boolean | undefined
  /** How data are migrated online; the defaults where it is absent. */
  readonly migration?: MigrationPace | undefined
  /** How many documents that do not match after a migration are told with their `_id` and the reason, at most 20; 0: only counted. Default 20. */
  readonly samples?: number | undefined
  /** Of who asks, so that a repeated request does not become a second run. */
  readonly idempotencyKey?: string | undefined
  readonly toolVersion: string
  readonly clock: Clock
  /** Aborting asks for an orderly end: the step that is under way is finished. */
  readonly signal: AbortSignal
}

/** How fast an online migration goes. */
export interface MigrationPace {
  /** Documents per range at most, at least 1. Default 1,000; fewer where a range takes longer than about a second. */
  readonly batchSize?: number | undefined
  /** Rest after each range, in milliseconds. Default 0. */
  readonly pauseMs?: number | undefined
}

export const DEFAULT_BATCH_SIZE = 1000

/** The shortest lease that a heartbeat at a third of it can keep up. */
export const MIN_LEASE_MS = 500
