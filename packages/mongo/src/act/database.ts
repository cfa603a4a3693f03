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

/** Whether the primary answers within `timeoutMs`. Errors: TARGET_UNREACHABLE, and those of the connection. */
export async function ping({ db, attempt }: Connection, timeoutMs: number): TargetResult {
  return attempt('reach the database', async () => {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      await runCommand(db, { ping: 1 }, { signal })
    } catch (cause) {
      if (!signal.aborted) throw cause
      fail('unreachable', 'TARGET_UNREACHABLE', `The primary of the database did not answer within ${timeoutMs} ms.`)
    }
  })
}
