import { ServerError } from '../server-error.ts'
import type { OpenTransactions } from '../transactions/open-transactions.ts'
import type { Transaction } from '../transactions/transaction.ts'
import type { StatementResult } from './statements.ts'
import type { TransactionFields } from './transaction-fields.ts'

/** As `logicalSessionTimeoutMinutes` of hello says. */
export const SESSION_TIMEOUT_MINUTES = 30
const IDLE_LIMIT_MS = SESSION_TIMEOUT_MINUTES * 60_000
/** Sessions hold memory: beyond this many the idle ones are looked for. */
const MANY_SESSIONS = 100_000

/** What the server keeps of a session that has used transaction numbers. */
interface Session {
  /** The highest number that was used. */
  number: bigint
  /** Of that number, when it was a transaction. */
  transaction: Transaction | undefined
  /** Of that number, when it was a retryable write: what its statements did. */
  readonly executed: Map<number, StatementResult>
  lastUsed: number
}

const noSuchTransaction = (number: bigint, why: string): ServerError =>
  new ServerError(251, `Transaction with { txnNumber: ${number} } ${why}`)

/** Sessions by their keys, and the rules of their transaction numbers. */
export class Sessions {
  readonly #sessions = new Map<string, Session>()
  readonly #transactions: OpenTransactions

  constructor(transactions: OpenTransactions) {
    this.#transactions = transactions
  }

  get size(): number {
    return this.#sessions.size
  }

  #session(key: string, now: number): Session {
    const known = this.#sessions.get(key)
    if (known !== undefined) {
      known.lastUsed = now
      return known
    }
    if (this.#sessions.size >= MANY_SESSIONS) this.expire(now)
    if (this.#sessions.size >= MANY_SESSIONS) {
      throw new ServerError(261, `cannot add session into the cache: there are ${MANY_SESSIONS}`)
    }
    const fresh: Session = { number: -1n, transaction: undefined, executed: new Map(), lastUsed: now }
    this.#sessions.set(key, fresh)
    return fresh
  }

  /** A higher number ends whatever the session did before. Throws 225 for a lower one. */
  #use(session: Session, number: bigint): void {
    if (number < session.number) {
      throw new ServerError(
        225,
        `Cannot start transaction ${number} on session because a newer transaction ${session.number} has already started.`,
      )
    }
    if (number === session.number) return
    if (session.transaction !== undefined) this.#transactions.abort(session.transaction)
    session.number = number
    session.transaction = undefined
    session.executed.clear()
  }

  /** The memory of a retryable write. Throws 225, and 72 where the number is that of a transaction. */
  retryable(key: string, { number }: TransactionFields, now: number): Map<number, StatementResult> {
    const session = this.#session(key, now)
    this.#use(session, number)
    if (session.transaction !== undefined) {
      throw new ServerError(72, `txnNumber ${number} belongs to a transaction of this session`)
    }
    return session.executed
  }

  /** Starts the transaction of a statement, or goes on with it. Throws 225, 251, 256, 50911. */
  transaction(key: string, { number, starts }: TransactionFields, now: number): Transaction {
    const session = this.#session(key, now)
    if (starts) {
      if (number === session.number) {
        throw new ServerError(
          50911,
          'Only servers in a sharded cluster can start a new transaction at the active transaction number',
        )
      }
      this.#use(session, number)
      session.transaction = this.#transactions.begin(number, now)
      return session.transaction
    }
    const transaction = this.#transactionOf(session, number)
    if (transaction.state === 'committed') {
      throw new ServerError(256, `Transaction with { txnNumber: ${number} } has been committed.`)
    }
    if (transaction.state === 'aborted') throw noSuchTransaction(number, 'has been aborted.')
    return transaction
  }

  /** The transaction that a commit or an abort means, in whatever state. Throws 225 and 251. */
  ending(key: string, { number }: TransactionFields, now: number): Transaction {
    return this.#transactionOf(this.#session(key, now), number)
  }

  #transactionOf(session: Session, number: bigint): Transaction {
    if (number < session.number) this.#use(session, number)
    if (number > session.number || session.transaction === undefined) {
      throw new ServerError(
        251,
        `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${session.number}`,
      )
    }
    return session.transaction
  }

  /** Forgets the sessions that match; their open transactions are aborted. */
  end(matches: (key: string) => boolean): void {
    for (const [key, session] of [...this.#sessions]) {
      if (!matches(key)) continue
      this.#sessions.delete(key)
      if (session.transaction !== undefined) this.#transactions.abort(session.transaction)
    }
  }

  expire(now: number): void {
    for (const [key, { lastUsed, transaction }] of [...this.#sessions]) {
      if (now - lastUsed > IDLE_LIMIT_MS && transaction?.state !== 'open') this.#sessions.delete(key)
    }
  }
}
