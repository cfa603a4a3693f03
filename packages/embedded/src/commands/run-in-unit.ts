import { EMPTY_DOC, type Doc } from '@stage0/bson-schema'
import type { WriteUnit } from '../storage/write-unit.ts'
import { Blocked } from '../transactions/blocked.ts'
import type { Transaction } from '../transactions/transaction.ts'
import type { Call, RawReply } from './call.ts'
import { commitUnit, unitOptions } from './commit.ts'
import type { Operation } from './operation.ts'
import { isSteps, type Steps } from './steps.ts'

/** What came of a command, or of a piece of it. */
export type Ran =
  | { readonly kind: 'done'; readonly reply: Doc | RawReply }
  /** Others have their turn, until the transaction has ended where there is one. */
  | {
      readonly kind: 'paused'
      readonly operation: Operation
      readonly by: Transaction | undefined
      readonly goOn: () => Ran
    }

/** Carries out a command; each piece between two pauses is committed by itself. */
export function runInUnit(
  call: Call,
  unit: WriteUnit,
  run: (call: Call) => Doc | RawReply | Steps<Doc | RawReply>,
): Ran {
  const { server, operation, retryable } = call
  const piece = (work: () => Ran): Ran => {
    operation.beginTurn(server.turnMs)
    try {
      return work()
    } catch (error) {
      if (error instanceof Blocked) unit.undoStatement()
      throw error
    } finally {
      // What a command did before it failed stays, unless it cannot be kept.
      commitUnit(server, unit, retryable)
    }
  }
  const advance = (steps: Steps<Doc | RawReply>): Ran => {
    const step = steps.next()
    if (step.done === true) return { kind: 'done', reply: step.value }
    return { kind: 'paused', operation, by: step.value, goOn: () => goOn(steps) }
  }
  const goOn = (steps: Steps<Doc | RawReply>): Ran => {
    server.operations.delete(operation)
    try {
      if (operation.interrupted !== undefined) throw operation.interrupted
      call.checkTime()
    } catch (error) {
      // It gives back what it holds.
      steps.return(EMPTY_DOC)
      throw error
    }
    // Transactions may have begun meanwhile: the writes to come must not run into theirs.
    unit.renew(unitOptions(server))
    return registered(piece(() => advance(steps)))
  }
  const registered = (ran: Ran): Ran => {
    if (ran.kind === 'paused') {
      operation.pauses++
      server.operations.add(operation)
    }
    return ran
  }
  return registered(
    piece(() => {
      const result = run(call)
      return isSteps(result) ? advance(result) : { kind: 'done', reply: result }
    }),
  )
}
