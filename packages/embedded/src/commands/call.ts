import type { Doc } from '@stage0/bson-schema'
import type { AuthState } from '../auth/auth-state.ts'
import type { Privilege } from '../auth/privileges.ts'
import type { EvaluationContext, StringCompare } from '../evaluate/contract.ts'
import type { ScannedDocument } from '../raw/scan-document.ts'
import type { ServerState } from '../server-state.ts'
import type { RetryableStatements } from '../sessions/statements.ts'
import type { TransactionFields } from '../sessions/transaction-fields.ts'
import type { CatalogReader } from '../storage/readers.ts'
import type { Writer } from '../storage/writer.ts'
import type { Transaction } from '../transactions/transaction.ts'
import type { Tally } from '../write/tally.ts'
import type { Operation } from './operation.ts'
import type { Steps } from './steps.ts'

/** One client connection. */
export interface Connection {
  readonly id: number
  /** `127.0.0.1:50312` */
  readonly remote: string
  readonly auth: AuthState
  /** What the client told about itself in its first hello. */
  client: Doc | undefined
}

/** A reply whose elements are written as bytes: batches of raw documents are copied once, into the message. */
export interface RawReply {
  /** Of all its elements. */
  readonly bytes: number
  /** Writes the elements and returns where they end. */
  readonly write: (into: Uint8Array, at: number) => number
}

/** One request. It may be carried out in several attempts, between which it waits for a transaction to end. */
export interface Arrival {
  /** Of `performance.now()`: the time of `maxTimeMS` runs from here on. */
  readonly at: number
  /** What its statements did in earlier attempts. */
  tally: Tally | undefined
  /** Something was committed by it. */
  hasWritten: boolean
}

export interface Call {
  readonly server: ServerState
  readonly connection: Connection
  readonly database: string
  /** The command as it came, with `$db`; long document lists of `insert` are left out. */
  readonly body: Doc
  /** Documents of `insert`, from the body or from a sequence. */
  readonly documents: readonly ScannedDocument[] | undefined
  readonly operation: Operation
  readonly arrival: Arrival
  /** The collections that the command sees. */
  readonly catalog: CatalogReader
  /** What the command writes through. */
  readonly unit: Writer
  /** The transaction that the command is a statement of. */
  readonly transaction: Transaction | undefined
  /** What the command says of transactions; of commitTransaction and abortTransaction in the first place. */
  readonly transactionFields: TransactionFields | undefined
  /** Of a write that the client may send again. */
  readonly retryable: RetryableStatements | undefined
  /** Throws 50 when the time of `maxTimeMS` is over. */
  readonly checkTime: () => void
  /** Whether it is time to stop for others; never where the command must be carried out at once. */
  readonly isTurnOver: () => boolean
  readonly context: (
    collation: StringCompare | undefined,
    variables?: EvaluationContext['variables'],
  ) => EvaluationContext
}

/** What a command needs: nothing, a login, or privileges. */
export type Access = 'public' | 'login' | readonly Privilege[]

export interface CommandDefinition {
  /** The first is the one that the support page shows. */
  readonly names: readonly string[]
  /** One line for the support page. */
  readonly summary: string
  /** Fields of its own that are understood. Any other is error 40415. `any`: field names are data. */
  readonly fields: readonly string[] | 'any'
  /** Fields that MongoDB knows and that are refused here, with code 115. */
  readonly refused?: readonly string[]
  readonly adminOnly?: boolean
  readonly access: (call: Call) => Access
  /** Steps where the command can stop on its way. */
  readonly run: (call: Call) => Doc | RawReply | Steps<Doc | RawReply>
}
