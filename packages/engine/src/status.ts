import type { CollectionPlan, CollectionState, InterruptedRun } from '@stage0/core'
import { ok, type Problem, type Result, type RunSummary } from '@stage0/types'
import { observeAndPlan, type Planned, type PlanInput } from './observe-and-plan.ts'
import type { HeldLock, IsGone, LockState, TargetError } from './ports.ts'
import { readRunAtWork } from './read-runs.ts'

/** Where a collection stands; while a run is at work on it, that counts more than how far it has come. */
export type CollectionStanding = CollectionState | 'at work' | 'paused'

export interface CollectionStatus extends Omit<CollectionPlan, 'state'> {
  readonly state: CollectionStanding
}

export interface StatusInput extends PlanInput {
  /** Tells where the process of a holder is known to be gone, so that its lease need not be waited for. */
  readonly isGone?: IsGone | undefined
}

/** Where a target stands, for people and for monitoring. */
export interface TargetStatus {
  readonly database: string
  /** "MongoDB 7.0.0, standalone" */
  readonly server: string
  readonly environment: string
  /** Per collection: recorded and newest version, state, drift. */
  readonly collections: readonly CollectionStatus[]
  /** Steps that an apply would take now. */
  readonly steps: number
  readonly problems: readonly Problem[]
  /** Who holds the lock now under a lease that has not ended, if somebody does. */
  readonly lock: HeldLock | undefined
  /** Whether the process that holds it is known to be gone: then nobody is at work, and the lock ends with its lease. */
  readonly isHolderGone: boolean
  /** The run that is at work under the lock; absent also as long as it plans: it is recorded after that. */
  readonly run: RunSummary | undefined
  /** A run that ended without an outcome, its lease included; the next apply finishes it. */
  readonly interrupted: InterruptedRun | undefined
}

/** Reads the status. Writes nothing. */
export async function readStatus(input: StatusInput): Promise<Result<TargetStatus, TargetError>> {
  const looked = await look(input)
  if (!looked.ok) return looked
  const { planned, lock } = looked.value
  const run = lock === undefined ? ok(undefined) : await readRunAtWork(input.target, lock.holder.runId)
  if (!run.ok) return run
  const { plan, observed } = planned
  const isHolderGone = lock !== undefined && input.isGone?.(lock.holder) === true
  const atWork = isHolderGone ? undefined : run.value
  return ok({
    database: plan.database,
    server: plan.server,
    environment: plan.environment,
    collections: plan.collections.map((one) => ({ ...one, state: standing(one, atWork, lock) })),
    steps: plan.steps.length,
    problems: plan.problems,
    lock,
    isHolderGone,
    run: atWork,
    interrupted: observed.interrupted,
  })
}

interface Look {
  readonly planned: Planned
  readonly lock: HeldLock | undefined
}

/** Database and lock as they are together: where a run came or went between the two, they are looked at once more. */
async function look(input: PlanInput): Promise<Result<Look, TargetError>> {
  const before = await input.target.lock.read()
  if (!before.ok) return before
  const first = await lookOnce(input)
  if (!first.ok || first.value.lock?.token === before.value?.token) return first
  return lookOnce(input)
}

async function lookOnce(input: PlanInput): Promise<Result<Look, TargetError>> {
  const planned = await observeAndPlan(input)
  if (!planned.ok) return planned
  const lock = await input.target.lock.read()
  return lock.ok ? ok({ planned: planned.value, lock: lock.value }) : lock
}

/** What a run has begun and not recorded looks as if it was left behind: as long as the run lives, it is not. */
function standing(
  { name, state }: CollectionPlan,
  run: RunSummary | undefined,
  lock: LockState | undefined,
): CollectionStanding {
  if (run === undefined || state === 'in sync' || !run.collections.includes(name)) return state
  const isBegun = state === 'interrupted' || lock?.step?.startsWith(`${name}/`) === true
  if (!isBegun) return state
  return run.paused === true ? 'paused' : 'at work'
}
