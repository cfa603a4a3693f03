import type { Doc } from '@stage0/bson-schema'
import type { Transaction } from '../transactions/transaction.ts'
import type { RawReply } from './call.ts'

/**
 * A long work that stops between two documents, so that others get their turn. What it did until then is committed; when it
 * goes on, everything outside of it may have changed. It yields the transaction that stands in its way, if that is why.
 */
export type Steps<T> = Generator<Transaction | undefined, T, void>

export const isSteps = (result: Doc | RawReply | Steps<Doc | RawReply>): result is Steps<Doc | RawReply> =>
  'next' in result

/** Carries out a work that nobody interrupts: one that was told never to stop. */
export function atOnce<T>(steps: Steps<T>): T {
  const step = steps.next()
  if (step.done === true) return step.value
  throw new TypeError('a work that must not stop has stopped')
}
