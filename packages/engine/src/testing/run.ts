import type { Wanted } from '@stage0/core'
import type { RunEvent } from '@stage0/types'
import type { ApplyInput } from '../apply/apply-input.ts'
import { applyPlan } from '../apply/apply-plan.ts'
import { FakeClock } from './fake-clock.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { Death, memoryTarget, type Faults, type MemoryTarget } from './memory-target.ts'

export interface RunOptions extends Partial<Omit<ApplyInput, 'target' | 'wanted' | 'holder'>> {
  readonly faults?: Faults
  readonly runId?: string
  readonly clock?: FakeClock
}

export interface Ran {
  readonly events: readonly RunEvent[]
  readonly target: MemoryTarget
  readonly died: boolean
  readonly last: Extract<RunEvent, { type: 'run.finished' }> | undefined
}

export const LEASE_MS = 3000

/** One "process" that applies `wanted`, read to its end or to its death. Development only. */
export async function apply(database: MemoryDatabase, wanted: Wanted, given: RunOptions = {}): Promise<Ran> {
  const { faults, runId, clock = new FakeClock(), ...rest } = given
  const target = memoryTarget(database, clock, faults)
  const events: RunEvent[] = []
  let died = false
  try {
    for await (const event of applyPlan(applyInput(target, wanted, clock, runId, rest))) events.push(event)
  } catch (cause) {
    if (!(cause instanceof Death)) throw cause
    died = true
  }
  const last = events.at(-1)
  return { events, target, died, last: last?.type === 'run.finished' ? last : undefined }
}

export const applyInput = (
  target: MemoryTarget,
  wanted: Wanted,
  clock: FakeClock,
  runId = 'run-1',
  rest: Partial<ApplyInput> = {},
): ApplyInput => ({
  target,
  wanted,
  clock,
  options: { environment: 'local', loadTestData: true },
  holder: { host: 'here', pid: 7, user: 'ann', runId, command: 'stage0 apply' },
  leaseMs: LEASE_MS,
  toolVersion: '0.1.0',
  signal: new AbortController().signal,
  ...rest,
})
