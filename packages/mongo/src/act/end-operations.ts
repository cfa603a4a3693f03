import type { JournalEntry } from '@stage0/core'
import type { TargetResult } from '@stage0/engine'
import { ERRORS } from '@stage0/types'
import { MongoServerError, type Db, type Document } from 'mongodb'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../connection/connect.ts'
import { fail } from '../errors/target-error.ts'
import { endSessions } from '../records/end-sessions.ts'
import { RUNS } from '../records/names.ts'
import { MAJORITY, runCommand } from './run-command.ts'

/** How a server says that it has no `$currentOp` for us: not permitted, unknown stage, not supported here. */
const CANNOT_TELL: readonly unknown[] = [13, 20, 59, 115, 238, 303, 304, 40324]
const LOOK_AGAIN_MS = 100

/**
 * Ends the operations with the comment of this entry and the transactions of its session, and returns when they are gone. Own ones
 * need no privilege. Where the server cannot tell its operations there is nothing to end.
 *
 * Errors: MIGRATION_STILL_RUNS where an operation must come to its end by itself, and those of the connection.
 */
export async function endOperations(
  { db, attempt }: Connection,
  { stepId, comment, session, mustFinish }: JournalEntry,
  token: number,
  signal: AbortSignal,
): TargetResult<{ readonly ended: number }> {
  return attempt('end what an interrupted run left on the server', async () => {
    const admin = db.client.db('admin')
    if (session !== undefined) {
      await endSessions(db, [session.id])
      // Also a run with an outcome: a transaction whose commit is still under way meets this write, or was there before it.
      const updates = [{ q: { _id: session.runId, token: { $lt: token } }, u: { $set: { token } } }]
      await runCommand(db, { update: RUNS, updates, writeConcern: MAJORITY })
    }
    const ended = new Set<string>()
    for (;;) {
      signal.throwIfAborted()
      const running = await operationsOf(admin, comment)
      if (running.length === 0) return { ended: ended.size }
      if (mustFinish === true) stillRuns(stepId, running)
      for (const op of running) {
        ended.add(String(op))
        await admin.command({ killOp: 1, op })
      }
      await sleep(LOOK_AGAIN_MS, undefined, { signal })
    }
  })
}

function stillRuns(stepId: string, operations: readonly unknown[]): never {
  const which = operations.map(String).join(', ')
  const message = `What an earlier run began with step ${stepId} still runs on the server (operation ${which}). Ended now it would leave a part of the documents done, so it is left alone.`
  return fail('refused', 'MIGRATION_STILL_RUNS', message, { hint: ERRORS.MIGRATION_STILL_RUNS.fix })
}

async function operationsOf(admin: Db, comment: string): Promise<readonly unknown[]> {
  const pipeline: Document[] = [
    { $currentOp: { allUsers: false } },
    { $match: { 'command.comment': comment } },
    { $project: { opid: 1 } },
  ]
  try {
    const found = await admin.aggregate(pipeline, { readConcern: { level: 'local' } }).toArray()
    // The look itself carries no comment; an operation without an id cannot be ended.
    return found.flatMap((operation) => (operation['opid'] === undefined ? [] : [operation['opid'] as unknown]))
  } catch (cause) {
    if (cause instanceof MongoServerError && CANNOT_TELL.includes(cause.code)) return []
    throw cause
  }
}
