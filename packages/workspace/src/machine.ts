import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock, LockHolder } from '@stage0/engine'
import { processSpace } from './process-space.ts'

/** Who runs: shown to others who meet the lock, and recorded with what was applied. */
export const holderOf = (command: string): LockHolder => ({
  host: hostname(),
  pid: process.pid,
  user: userName(),
  runId: randomUUID(),
  command,
  processSpace: processSpace(),
})

/** A container may run as a user without a name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // Being woken early is what an abort asks for, not a failure.
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error
    })
  },
}
