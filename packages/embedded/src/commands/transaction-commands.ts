import { EMPTY_DOC, type Doc } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import { sessionOf } from '../sessions/session-key.ts'
import type { Transaction } from '../transactions/transaction.ts'
import type { Call, CommandDefinition } from './call.ts'
import { keep } from './commit.ts'

/** The transaction that the command ends. Throws 20 on a standalone server, 225 and 251. */
function endingOf(call: Call): Transaction {
  const { server, transactionFields: fields, body, operation } = call
  const session = sessionOf(call)
  if (server.replicaSet === undefined || fields === undefined || session === undefined) {
    throw new ServerError(
      20,
      `Transaction numbers are only allowed on a replica set member or mongos (${body.keys[0] ?? ''})`,
    )
  }
  return server.replicaSet.sessions.ending(session, fields, operation.startedAt.getTime())
}

const aborted = ({ number }: Transaction): ServerError =>
  new ServerError(251, `Transaction with { txnNumber: ${number} } has been aborted.`)

/** Commits; once more is no error, so that a client may repeat what it does not know the outcome of. */
function commitTransaction(call: Call): Doc {
  const transaction = endingOf(call)
  if (transaction.state === 'aborted') throw aborted(transaction)
  const { server } = call
  if (transaction.state === 'open') server.transactions.commit(transaction, (changes) => keep(server, changes))
  return EMPTY_DOC
}

function abortTransaction(call: Call): Doc {
  const transaction = endingOf(call)
  if (transaction.state === 'aborted') throw aborted(transaction)
  if (transaction.state === 'committed') {
    throw new ServerError(256, `Transaction with { txnNumber: ${transaction.number} } has been committed.`)
  }
  call.server.transactions.abort(transaction)
  return EMPTY_DOC
}

export const TRANSACTION_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['commitTransaction'],
    summary: 'replica-set mode only; may be repeated',
    fields: ['recoveryToken'],
    adminOnly: true,
    access: () => 'login',
    run: commitTransaction,
  },
  {
    names: ['abortTransaction'],
    summary: 'replica-set mode only',
    fields: ['recoveryToken'],
    adminOnly: true,
    access: () => 'login',
    run: abortTransaction,
  },
]
