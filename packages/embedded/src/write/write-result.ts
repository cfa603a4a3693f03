import { docOf, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { asServerError } from '../commands/dispatch-errors.ts'
import type { Steps } from '../commands/steps.ts'
import { ServerError } from '../server-error.ts'
import type { StatementResult } from '../sessions/statements.ts'
import { Blocked } from '../transactions/blocked.ts'
import { isTransient } from '../transactions/transaction-errors.ts'
import { Tally } from './tally.ts'

/** Failures that are of the whole command, not of one write: the time is over, or the server is at fault. */
const OF_THE_COMMAND: ReadonlySet<number> = new Set([50])

/** A failed write in a reply: `{index, code, ..., errmsg}`. */
const writeErrorDoc = (index: number, error: ServerError): Doc =>
  docOf([['index', index], ['code', error.code], ...(error.extra?.entries() ?? []), ['errmsg', error.message]])

/**
 * Runs the writes of one command. An ordered command ends at the first failure. Every write of
 * one document is whole or not made, those before it stay; of a transaction nothing stays. A write that must wait for a
 * transaction leaves the rest to the next attempt. Others have their turn between two writes.
 */
export function* runWrites<T>(
  call: Call,
  writes: readonly T[],
  ordered: boolean,
  run: (write: T) => StatementResult | Steps<StatementResult>,
): Steps<Tally> {
  const { server, transaction, retryable, arrival } = call
  const tally = arrival.tally ?? new Tally()
  for (; tally.next < writes.length; tally.next++) {
    const index = tally.next
    const known = retryable?.recall(index)
    if (known !== undefined) {
      tally.add(known)
      tally.retried.push(retryable?.idOf(index) ?? index)
      continue
    }
    try {
      call.unit.beginStatement()
      const ran = run(writes[index] as T)
      const result = 'next' in ran ? yield* ran : ran
      retryable?.keep(index, result)
      tally.add(result)
    } catch (caught) {
      if (caught instanceof Blocked) {
        arrival.tally = tally
        throw caught
      }
      const error = asServerError(server, caught)
      if (OF_THE_COMMAND.has(error.code) || (transaction !== undefined && isTransient(error.code))) throw error
      tally.errors.push(writeErrorDoc(index, error))
      if (transaction !== undefined) server.transactions.abort(transaction)
      if (ordered || transaction !== undefined) break
    }
    if (tally.next + 1 < writes.length && call.isTurnOver()) yield
  }
  return tally
}

/** The reply of a write command. */
export function writeReply({ n, errors, retried }: Tally, more: readonly (readonly [string, Value])[] = []): Doc {
  return docOf([
    ['n', n],
    ...more,
    ...(errors.length > 0 ? [['writeErrors', errors] as const] : []),
    ...(retried.length > 0 ? [['retriedStmtIds', retried] as const] : []),
  ])
}

/** Throws for a batch that is empty (16 InvalidLength) or too long. */
export function checkBatchSize(count: number, limit: number): void {
  if (count < 1 || count > limit) {
    throw new ServerError(16, `Write batch sizes must be between 1 and ${limit}. Got ${count} operations.`)
  }
}
