import { randomBytes } from 'node:crypto'
import type { Operation } from '../commands/operation.ts'
import { ServerError } from '../server-error.ts'
import type { Transaction } from '../transactions/transaction.ts'
import { TURN, type Turn } from '../evaluate/turn.ts'
import type { RecordSource } from './record-source.ts'

/** MongoDB's time after which an unused cursor goes. */
const IDLE_LIMIT_MS = 10 * 60 * 1000
/** Open cursors hold memory: the store is bounded, and the longest unused one goes first. */
const MAX_CURSORS = 1_000

/** An open cursor: the rest of a snapshot. */
export interface Cursor {
  readonly id: bigint
  readonly namespace: string
  readonly user: string | undefined
  /** Key of the session. */
  readonly session: string | undefined
  /** The transaction that it was opened in; it ends with it. */
  readonly transaction: Transaction | undefined
  readonly documents: BatchSource
  /** What opened it: its time is used up by each batch. */
  readonly operation: Pick<Operation, 'idleMs'>
  /** Of `performance.now()`: the end of the batch before. */
  idleSince: number
  lastUsed: number
}

/** Raw documents that come one by one, with one that was taken too many. */
export class BatchSource {
  readonly #documents: Iterator<Uint8Array | Turn>
  #pending: Uint8Array | undefined
  readonly #source: RecordSource | undefined

  constructor(documents: Iterable<Uint8Array | Turn>, source: RecordSource | undefined) {
    this.#documents = documents[Symbol.iterator]()
    this.#source = source
  }

  /** The next document at once. */
  next(): Uint8Array | undefined {
    for (;;) {
      const next = this.nextOrTurn()
      if (next !== TURN) return next
    }
  }

  nextOrTurn(): Uint8Array | Turn | undefined {
    const pending = this.#pending
    if (pending !== undefined) {
      this.#pending = undefined
      return pending
    }
    const { value, done } = this.#documents.next()
    return done === true ? undefined : value
  }

  putBack(document: Uint8Array): void {
    this.#pending = document
  }

  /** From here on later writes are not seen. */
  detach(): void {
    this.#source?.detach()
  }

  close(): void {
    this.#documents.return?.()
  }
}

export class CursorStore {
  readonly #cursors = new Map<bigint, Cursor>()

  open(cursor: Omit<Cursor, 'id' | 'lastUsed'>, now: number): bigint {
    this.expire(now)
    if (this.#cursors.size >= MAX_CURSORS) {
      const [oldest] = [...this.#cursors.values()].sort((a, b) => a.lastUsed - b.lastUsed)
      if (oldest !== undefined) this.kill(oldest.id)
    }
    const id = this.#newId()
    cursor.documents.detach()
    this.#cursors.set(id, { ...cursor, id, lastUsed: now })
    return id
  }

  #newId(): bigint {
    for (;;) {
      const id = BigInt.asUintN(63, randomBytes(8).readBigUInt64LE())
      if (id !== 0n && !this.#cursors.has(id)) return id
    }
  }

  get size(): number {
    return this.#cursors.size
  }

  find(id: bigint): Cursor | undefined {
    return this.#cursors.get(id)
  }

  /** Throws 43 where there is no such cursor. */
  require(id: bigint): Cursor {
    const cursor = this.#cursors.get(id)
    if (cursor === undefined) throw new ServerError(43, `cursor id ${id} not found`)
    return cursor
  }

  kill(id: bigint): boolean {
    this.#cursors.get(id)?.documents.close()
    return this.#cursors.delete(id)
  }

  killWhere(matches: (cursor: Cursor) => boolean): void {
    for (const cursor of [...this.#cursors.values()]) if (matches(cursor)) this.kill(cursor.id)
  }

  expire(now: number): void {
    this.killWhere((cursor) => now - cursor.lastUsed > IDLE_LIMIT_MS)
  }
}
