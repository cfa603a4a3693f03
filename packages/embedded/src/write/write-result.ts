import type { Doc } from '@stage0/bson-schema'
import { docOf, type Value } from '@stage0/bson-schema'
import { asServerError } from '../commands/dispatch-errors.ts'
import { ServerError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'

/** Failures that are of the whole command, not of one write: the time is over, or the server is at fault. */
const OF_THE_COMMAND: ReadonlySet<number> = new Set([50])

/** A failed write in a reply: `{index, code, ..., errmsg}`. */
const writeErrorDoc = (index: number, error: ServerError): Doc =>
  docOf([['index', index], ['code', error.code], ...(error.extra?.entries() ?? []), ['errmsg', error.message]])

/**
 * Runs the writes of one command; returns their errors. An ordered command ends at the first one. Every write is whole or not
 * made, those before it stay.
 */
export function runWrites<T>(
  server: ServerState,
  writes: readonly T[],
  ordered: boolean,
  run: (write: T, index: number) => void,
): readonly Doc[] {
  const errors: Doc[] = []
  for (let i = 0; i < writes.length; i++) {
    try {
      run(writes[i] as T, i)
    } catch (caught) {
      const error = asServerError(server, caught)
      if (OF_THE_COMMAND.has(error.code)) throw error
      errors.push(writeErrorDoc(i, error))
      if (ordered) break
    }
  }
  return errors
}

/** The reply of a write command. */
export function writeReply(n: number, errors: readonly Doc[], more: readonly (readonly [string, Value])[] = []): Doc {
  return docOf([['n', n], ...more, ...(errors.length > 0 ? [['writeErrors', errors] as const] : [])])
}

/** Throws for a batch that is empty (16 InvalidLength) or too long. */
export function checkBatchSize(count: number, limit: number): void {
  if (count < 1 || count > limit) {
    throw new ServerError(16, `Write batch sizes must be between 1 and ${limit}. Got ${count} operations.`)
  }
}
