import { isNumeric, typeName, type Doc } from '@stage0/bson-schema'
import { Fields, toNumber } from '../commands/fields.ts'
import { ServerError } from '../server-error.ts'

/** What a command says of sessions and transactions. */
export interface TransactionFields {
  readonly number: bigint
  /** A statement of a transaction; otherwise a write that the client may send again. */
  readonly isTransaction: boolean
  readonly starts: boolean
  /** The numbers of the statements: one for each, or the first one. */
  readonly statementOf: (index: number) => number
}

const RETRYABLE = ['insert', 'update', 'delete', 'findAndModify']
/** Source: the manual, operations that transactions support. */
const IN_TRANSACTIONS = [
  ...RETRYABLE,
  'abortTransaction',
  'aggregate',
  'commitTransaction',
  'create',
  'createIndexes',
  'distinct',
  'find',
  'getMore',
  'killCursors',
]
export const ENDS_TRANSACTION: readonly string[] = ['commitTransaction', 'abortTransaction']

const invalid = (message: string): ServerError => new ServerError(72, message)

/** Reads and checks the fields of sessions and transactions; `undefined` where there are none. Throws 14, 72, 263, 50768. */
export function transactionFields(command: string, database: string, body: Doc): TransactionFields | undefined {
  const fields = new Fields(command, body)
  const [given, autocommit] = [body.get('txnNumber'), body.get('autocommit')]
  const starts = body.has('startTransaction')
  if (given === undefined) {
    if (autocommit !== undefined) throw invalid("'autocommit' field requires a transaction number to also be specified")
    if (starts) throw invalid("'startTransaction' field requires a transaction number to also be specified")
    if (ENDS_TRANSACTION.includes(command)) throw invalid(`${command} must be run within a transaction`)
    return undefined
  }
  if (typeof given !== 'bigint') {
    throw new ServerError(
      14,
      `BSON field '${command}.txnNumber' is the wrong type '${typeName(given)}', expected type 'long'`,
    )
  }
  if (given < 0n) throw invalid('Transaction number cannot be negative')
  if (fields.doc('lsid') === undefined) throw invalid('Transaction number requires a session ID to also be specified')
  if (autocommit === true) throw invalid('Specifying autocommit=true is not allowed.')
  if (starts && autocommit === undefined)
    throw invalid("'startTransaction' field requires 'autocommit' field to also be specified")
  if (starts && !fields.flag('startTransaction')) throw invalid('Specifying startTransaction=false is not allowed.')
  if (autocommit === undefined) checkRetryable(command)
  else checkInTransaction(command, database, body, starts)
  return { number: given, isTransaction: autocommit !== undefined, starts, statementOf: statementsOf(fields, body) }
}

function checkRetryable(command: string): void {
  if (RETRYABLE.includes(command)) return
  throw new ServerError(
    50768,
    `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${command} is not a retryable write command.`,
  )
}

function checkInTransaction(command: string, database: string, body: Doc, starts: boolean): void {
  if (!IN_TRANSACTIONS.includes(command)) {
    throw new ServerError(263, `Cannot run '${command}' in a multi-document transaction.`)
  }
  const ends = ENDS_TRANSACTION.includes(command)
  if (!ends && (database === 'config' || database === 'local' || database === 'admin')) {
    throw new ServerError(263, `Cannot run command against the '${database}' database in a transaction.`)
  }
  if (!ends && body.has('writeConcern'))
    throw invalid('writeConcern is not allowed within a multi-statement transaction')
  if (!starts && body.has('readConcern')) {
    throw invalid('Only the first command in a transaction may specify a readConcern')
  }
}

function statementsOf(fields: Fields, body: Doc): (index: number) => number {
  const list = fields.array('stmtIds')
  const first = fields.number('stmtId') ?? 0
  if (list === undefined) return (index) => first + index
  if (body.has('stmtId')) throw invalid('May not specify both stmtId and stmtIds')
  const numbers = list.map((each) => {
    if (!isNumeric(each)) throw new ServerError(14, "BSON field 'stmtIds' must hold numbers")
    return toNumber(each)
  })
  return (index) => {
    const number = numbers[index]
    if (number === undefined) throw invalid('Number of statement ids must match the number of batch entries')
    return number
  }
}
