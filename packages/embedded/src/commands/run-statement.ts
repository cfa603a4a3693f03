import type { Doc } from '@stage0/bson-schema'
import { sessionOf } from '../sessions/session-key.ts'
import { retryableStatements, type RetryableStatements } from '../sessions/statements.ts'
import type { TransactionFields } from '../sessions/transaction-fields.ts'
import { TransactionUnit } from '../transactions/transaction-unit.ts'
import type { Call, CommandDefinition, RawReply } from './call.ts'
import { atOnce, isSteps } from './steps.ts'

/** Runs a statement of a transaction; any failure ends the transaction. */
export function runStatement(call: Call, fields: TransactionFields, definition: CommandDefinition): Doc | RawReply {
  const { server, operation } = call
  const sessions = server.replicaSet?.sessions
  const session = sessionOf(call)
  if (sessions === undefined || session === undefined) throw new TypeError('a transaction without a session')
  const transaction = sessions.transaction(session, fields, operation.startedAt.getTime())
  try {
    const unit = new TransactionUnit(transaction)
    const ran = definition.run({ ...call, transaction, catalog: transaction, unit, isTurnOver: () => false })
    return isSteps(ran) ? atOnce(ran) : ran
  } catch (error) {
    server.transactions.abort(transaction)
    throw error
  }
}

/** What the session remembers of a write that the client may send again. */
export function retryableOf(call: Call): RetryableStatements | undefined {
  const { server, operation, transactionFields: fields } = call
  const sessions = server.replicaSet?.sessions
  const session = sessionOf(call)
  if (sessions === undefined || session === undefined || fields === undefined || fields.isTransaction) return undefined
  return retryableStatements(sessions.retryable(session, fields, operation.startedAt.getTime()), fields.statementOf)
}
