import type { ServerFacts } from '@stage0/core'
import type { TargetError } from '@stage0/engine'
import { ok, type Result } from '@stage0/types'
import { openConnection } from '../connection/connect.ts'
import { readServerFacts } from '../observe/server-facts.ts'
import { ASSUMPTIONS } from './suite.ts'

interface AssumptionOutcome {
  readonly id: string
  readonly holds: string
  readonly result: 'pass' | 'fail' | 'not applicable'
  /** Why it failed. */
  readonly why: string | undefined
}

export interface AssumptionReport {
  readonly server: ServerFacts
  readonly outcomes: readonly AssumptionOutcome[]
}

/**
 * Checks every assumption on a server, each in an empty throw-away database whose name begins with `prefix` and which is
 * dropped afterwards. Errors: those of `openConnection`.
 */
export async function runAssumptions(uri: string, prefix: string): Promise<Result<AssumptionReport, TargetError>> {
  const opened = await openConnection({ uri, database: prefix, appName: 'stage0 server assumptions' })
  if (!opened.ok) return opened
  const { db, attempt, close } = opened.value
  try {
    const server = await attempt('ask the server what it is', () => readServerFacts(db))
    if (!server.ok) return server
    const outcomes: AssumptionOutcome[] = []
    for (const [index, { id, holds, only, check }] of ASSUMPTIONS.entries()) {
      if (only !== undefined && !only.includes(server.value.kind)) {
        outcomes.push({ id, holds, result: 'not applicable', why: undefined })
        continue
      }
      const scratch = db.client.db(`${prefix}_${index}`)
      const why = await check(scratch).then(
        () => undefined,
        (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
      )
      const dropped = await attempt('drop the throw-away database', () => scratch.dropDatabase())
      if (!dropped.ok) return dropped
      outcomes.push({ id, holds, result: why === undefined ? 'pass' : 'fail', why })
    }
    return ok({ server: server.value, outcomes })
  } finally {
    await close()
  }
}
