import type { Catalog } from '../storage/catalog.ts'
import type { Collection } from '../storage/collection.ts'
import type { KeyValues } from '../storage/index-keys.ts'
import type { IndexTree } from '../storage/index-tree.ts'
import type { Change } from '../storage/changes.ts'
import type { RecordKey } from '../storage/record.ts'
import type { UnitGuard } from '../storage/writer.ts'
import { Blocked } from './blocked.ts'
import { entriesWith } from './overlay-index.ts'
import { Transaction, type TransactionRivals } from './transaction.ts'

/** MongoDB's life of a transaction. Source: the manual, production considerations of transactions. */
export const TRANSACTION_LIFE_MS = 60_000

/** The transactions that are neither committed nor aborted. As a guard it makes other writes wait for them. */
export class OpenTransactions implements UnitGuard {
  readonly #open = new Set<Transaction>()
  readonly #catalog: Catalog
  readonly #onEnd: (transaction: Transaction) => void
  readonly #waiting = new Map<Transaction, Set<() => void>>()

  /** `onEnd` is called after each end, however it came. */
  constructor(catalog: Catalog, onEnd: (transaction: Transaction) => void) {
    this.#catalog = catalog
    this.#onEnd = onEnd
  }

  get size(): number {
    return this.#open.size
  }

  begin(number: bigint, now: number): Transaction {
    const transaction = new Transaction(number, now, this.#catalog, (self) => this.#rivalsOf(self))
    this.#open.add(transaction)
    return transaction
  }

  /**
   * `keep` is given what it changed; where that throws, the changes have been taken back. Throws what `keep` throws, and 13297;
   * the transaction is aborted then.
   */
  commit(transaction: Transaction, keep: (changes: readonly Change[]) => void): void {
    try {
      const changes = transaction.commit(keep)
      this.#open.delete(transaction)
      this.committed(changes)
    } catch (error) {
      if (transaction.state === 'open') transaction.abort()
      throw error
    } finally {
      this.#ended(transaction)
    }
  }

  /** Without effect on one that has ended. */
  abort(transaction: Transaction): void {
    if (transaction.state !== 'open') return
    transaction.abort()
    this.#ended(transaction)
  }

  /** Aborts what is older than a transaction may become. */
  expire(now: number): void {
    for (const transaction of [...this.#open]) {
      if (now - transaction.startedAt >= TRANSACTION_LIFE_MS) this.abort(transaction)
    }
  }

  #ended(transaction: Transaction): void {
    this.#open.delete(transaction)
    this.#onEnd(transaction)
    const waiting = this.#waiting.get(transaction)
    this.#waiting.delete(transaction)
    for (const goOn of waiting ?? []) goOn()
  }

  /** Calls `goOn` when the transaction has ended; the returned function takes that back. */
  whenEnded(transaction: Transaction, goOn: () => void): () => void {
    const waiting = this.#waiting.get(transaction) ?? new Set()
    this.#waiting.set(transaction, waiting)
    waiting.add(goOn)
    return () => waiting.delete(goOn)
  }

  /** Tells the open transactions what was committed beside them. */
  committed(changes: readonly Change[]): void {
    for (const transaction of this.#open) transaction.othersCommitted(changes)
  }

  #writerOf(collection: Collection, key: RecordKey, except: Transaction | undefined): Transaction | undefined {
    if (except !== undefined && this.#open.size === 1) return undefined
    for (const each of this.#open) if (each !== except && each.viewOf(collection)?.own.has(key) === true) return each
    return undefined
  }

  #holderOf(
    collection: Collection,
    index: string,
    keys: readonly KeyValues[],
    own: RecordKey,
    except: Transaction | undefined,
  ): Transaction | undefined {
    for (const each of this.#open) {
      if (each !== except && each.viewOf(collection)?.hasOwnKeys(index, keys, own) === true) return each
    }
    return undefined
  }

  #rivalsOf(self: Transaction): TransactionRivals {
    return {
      hasWritten: (collection, key) => this.#writerOf(collection, key, self) !== undefined,
      hasKeys: (collection, index, keys, own) => this.#holderOf(collection, index, keys, own, self) !== undefined,
      hasCreated: (namespace) => [...this.#open].some((each) => each !== self && each.hasCreated(namespace)),
    }
  }

  checkDocument(collection: Collection, key: RecordKey): void {
    const writer = this.#writerOf(collection, key, undefined)
    if (writer !== undefined) throw new Blocked(writer)
  }

  hasWriter(collection: Collection, key: RecordKey): boolean {
    return this.#writerOf(collection, key, undefined) !== undefined
  }

  checkKeys(collection: Collection, index: IndexTree, keys: readonly KeyValues[], own: RecordKey): void {
    const holder = this.#holderOf(collection, index.name, keys, own, undefined)
    if (holder !== undefined) throw new Blocked(holder)
    // The value may become free: its document has been written by a transaction.
    for (const { recordKey } of entriesWith(index, keys, own)) this.checkDocument(collection, recordKey)
  }

  checkCollection(collection: Collection): void {
    for (const each of this.#open) if (each.uses(collection)) throw new Blocked(each)
  }

  checkName(database: string, name: string): void {
    for (const each of this.#open) if (each.hasCreated(`${database}.${name}`)) throw new Blocked(each)
  }
}
