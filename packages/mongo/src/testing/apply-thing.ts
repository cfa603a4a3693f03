import { applyPlan, type Clock, type MigrationPace } from '@stage0/engine'
import type { RunEvent } from '@stage0/types'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTarget } from '../target.ts'
import { wantedShape } from './online.ts'
import { value } from './scratch.ts'

/** What a process that applies is told, as JSON in its first argument. */
export interface Task {
  readonly uri: string
  readonly database: string
  readonly runId: string
  readonly leaseMs: number
  readonly waitMs: number
  readonly migration: MigrationPace
}

export const realClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal ? { signal } : {}).catch((cause: unknown) => {
      if (signal?.aborted !== true) throw cause
    })
  },
}

/** Migrates `thing` to shape 2. Development only. */
export async function applyThing(task: Task, tell: (event: RunEvent) => void): Promise<void> {
  const { uri, database, runId, leaseMs, waitMs, migration } = task
  const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
  const target = value(await openTarget({ uri, database, recordNames }))
  const events = applyPlan({
    target,
    wanted: wantedShape(2),
    options: { environment: 'local', loadTestData: false },
    holder: { host: 'here', pid: process.pid, user: 'ada', runId, command: 'apply' },
    leaseMs,
    waitMs,
    migration,
    toolVersion: '0.1.0',
    clock: realClock,
    signal: new AbortController().signal,
  })
  for await (const event of events) tell(event)
  await target.close()
}

const task = process.argv[2]
// As a process of its own, which can be killed: one event a line.
if (task?.startsWith('{') === true)
  await applyThing(JSON.parse(task) as Task, (event) => process.stdout.write(`${JSON.stringify(event)}\n`))
