import type { CollectionPlan, InterruptedRun } from '@stage0/core'
import { ok, type Problem, type Result } from '@stage0/types'
import { observeAndPlan, type PlanInput } from './observe-and-plan.ts'
import type { LockState, TargetError } from './ports.ts'

/** Where a target stands, for people and for monitoring. */
export interface TargetStatus {
  readonly database: string
  /** "MongoDB 7.0.0, standalone" */
  readonly server: string
  readonly environment: string
  /** Per collection: recorded and newest version, state, drift. */
  readonly collections: readonly CollectionPlan[]
  /** Steps that an apply would take now. */
  readonly steps: number
  readonly problems: readonly Problem[]
  /** Who holds the lock now, if somebody does. */
  readonly lock: LockState | undefined
  /** A run that ended without an outcome; the next apply finishes it. */
  readonly interrupted: InterruptedRun | undefined
}

/** Reads the status. Writes nothing. */
export async function readStatus(input: PlanInput): Promise<Result<TargetStatus, TargetError>> {
  const planned = await observeAndPlan(input)
  if (!planned.ok) return planned
  const lock = await input.target.lock.read()
  if (!lock.ok) return lock
  const { plan, observed } = planned.value
  return ok({
    database: plan.database,
    server: plan.server,
    environment: plan.environment,
    collections: plan.collections,
    steps: plan.steps.length,
    problems: plan.problems,
    lock: lock.value,
    interrupted: observed.interrupted,
  })
}
