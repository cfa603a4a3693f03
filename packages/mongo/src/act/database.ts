import type { TargetResult } from '@stage0/engine'
import type { Connection } from '../connection/connect.ts'
import { fail } from '../errors/target-error.ts'
import { MAJORITY, runCommand } from './run-command.ts'

/** Documents of a collection, counted up to `limit`: the server stops there. Exact, unlike its own statistics. */
export async function countUpTo(
  { db, attempt }: Connection,
  collection: string,
  limit: number,
  signal?: AbortSignal,
): TargetResult<number> {
  return attempt(`count the documents of collection "${collection}"`, () =>
    db.collection(collection).countDocuments({}, { limit, ...(signal && { signal }) }),
  )
}

/** Drops the database of the connection. One that does not exist is a success. */
export async function dropDatabase({ db, attempt }: Connection, signal: AbortSignal): TargetResult {
  return attempt(`drop database "${db.databaseName}"`, async () => {
    signal.throwIfAborted()
    await runCommand(db, { dropDatabase: 1, writeConcern: MAJORITY })
  })
}

/** A driver that knows of no primary for so long may know of one in a moment, but it is told that there is none now. */
const WITHOUT_PRIMARY_MS = 1000

/**
 * Whether the primary answers within `timeoutMs`; said earlier where the driver knows of none for a second. Errors:
 * TARGET_UNREACHABLE, and those of the connection.
 */
export async function ping({ db, attempt, hasPrimary }: Connection, timeoutMs: number): TargetResult {
  return attempt('reach the database', async () => {
    const away = new AbortController()
    const looking = setTimeout(() => {
      if (!hasPrimary()) away.abort()
    }, WITHOUT_PRIMARY_MS)
    const late = AbortSignal.timeout(timeoutMs)
    try {
      await runCommand(db, { ping: 1 }, { signal: AbortSignal.any([late, away.signal]) })
    } catch (cause) {
      if (away.signal.aborted) fail('unreachable', 'TARGET_UNREACHABLE', 'No primary of the database is known.')
      if (!late.aborted) throw cause
      fail('unreachable', 'TARGET_UNREACHABLE', `The primary of the database did not answer within ${timeoutMs} ms.`)
    } finally {
      clearTimeout(looking)
    }
  })
}
