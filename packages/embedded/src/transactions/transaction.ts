import type { Catalog } from '../storage/catalog.ts'
import type { Collection, CollectionOptions } from '../storage/collection.ts'
import type { CatalogReader, CollectionReader } from '../storage/readers.ts'
import type { RecordKey, StoredRecord } from '../storage/record.ts'
import type { Change } from '../storage/changes.ts'
import { ServerError } from '../server-error.ts'
import { writeConflict } from './transaction-errors.ts'
import { TransactionView, type Rivals } from './transaction-view.ts'

/** What a transaction asks of those that are open beside it. */
export interface TransactionRivals extends Rivals {
  hasCreated(namespace: string): boolean
}

/**
 * One transaction over many documents. What is committed stays as it is until the end: the transaction keeps its writes beside
 * it, and the states that others replace meanwhile. All of that goes when it ends.
 */
export class Transaction implements CatalogReader {
  readonly number: bigint
  /** Milliseconds of the server's clock. */
  readonly startedAt: number
  state: 'open' | 'committed' | 'aborted' = 'open'
  readonly #catalog: Catalog
  readonly #rivals: TransactionRivals
  readonly #views = new Map<Collection, TransactionView>()
  readonly #before = new Map<Collection, Map<RecordKey, StoredRecord | undefined>>()
  /** Collections that exist only here until the end. */
  readonly #created = new Map<string, Collection>()
  /** Collections that others made, dropped or changed since the beginning. */
  readonly #changedNamespaces = new Set<string>()

  constructor(number: bigint, startedAt: number, catalog: Catalog, rivals: (self: Transaction) => TransactionRivals) {
    this.number = number
    this.startedAt = startedAt
    this.#catalog = catalog
    this.#rivals = rivals(this)
  }

  /** Throws 246 for a collection that was changed as a whole since the transaction began. */
  find(database: string, name: string): CollectionReader | undefined {
    const namespace = `${database}.${name}`
    const own = this.#created.get(namespace)
    if (own !== undefined) return own
    if (this.#changedNamespaces.has(namespace)) {
      throw new ServerError(
        246,
        `Unable to read from a snapshot due to pending collection catalog changes to collection '${namespace}'; please retry the operation.`,
      )
    }
    const base = this.#catalog.find(database, name)
    return base === undefined ? undefined : this.#view(base)
  }

  #view(base: Collection): TransactionView {
    const known = this.#views.get(base)
    if (known !== undefined) return known
    const view = new TransactionView(base, this.#beforeOf(base), this.#catalog.budget, this.#rivals)
    this.#views.set(base, view)
    return view
  }

  #beforeOf(base: Collection): Map<RecordKey, StoredRecord | undefined> {
    const known = this.#before.get(base)
    if (known !== undefined) return known
    const before = new Map<RecordKey, StoredRecord | undefined>()
    this.#before.set(base, before)
    return before
  }

  /** A collection that the others see when the transaction is committed. Throws 112 where another one makes it too, and 13297. */
  create(database: string, name: string, options: CollectionOptions): Collection {
    const namespace = `${database}.${name}`
    if (this.#rivals.hasCreated(namespace)) throw writeConflict()
    this.#catalog.checkCase(
      database,
      [...this.#created.values()].map((each) => each.database),
    )
    const collection = this.#catalog.build(database, name, options)
    this.#created.set(namespace, collection)
    return collection
  }

  isOwn(collection: CollectionReader): collection is Collection {
    return this.#created.get(collection.namespace) === collection
  }

  hasCreated(namespace: string): boolean {
    return this.#created.has(namespace)
  }

  uses(collection: Collection): boolean {
    return this.#views.has(collection)
  }

  viewOf(collection: Collection): TransactionView | undefined {
    return this.#views.get(collection)
  }

  /** What others committed: the states that they replaced are kept. */
  othersCommitted(changes: readonly Change[]): void {
    for (const change of changes) {
      const { collection } = change
      if (change.kind === 'document') this.#keep(collection, change.before, change.after)
      else {
        this.#changedNamespaces.add(collection.namespace)
        if (change.kind === 'rename') this.#changedNamespaces.add(`${collection.database}.${change.from}`)
      }
    }
  }

  #keep(collection: Collection, before: StoredRecord | undefined, after: StoredRecord | undefined): void {
    const key = (before ?? after)?.key
    const kept = this.#beforeOf(collection)
    if (key === undefined || kept.has(key)) return
    kept.set(key, before)
    this.#views.get(collection)?.othersChanged(before)
  }

  /**
   * Makes the writes those of everybody, once `keep` has taken them; returns them. Throws 13297 for a name that is taken by
   * then and changes nothing, and what `keep` throws, which has taken the writes back: then the transaction is aborted.
   */
  commit(keep: (changes: readonly Change[]) => void): readonly Change[] {
    const changes: Change[] = []
    for (const { database } of this.#created.values()) this.#catalog.checkCase(database)
    for (const collection of this.#created.values()) {
      this.#catalog.add(collection)
      changes.push({ kind: 'swap', collection, replaced: undefined })
    }
    for (const view of this.#views.values()) {
      view.release()
      for (const [key, record] of view.own) {
        const change = view.base.settle(key, record)
        if (change.before !== undefined || change.after !== undefined) changes.push(change)
      }
    }
    try {
      keep(changes)
    } catch (error) {
      this.#end('aborted')
      throw error
    }
    this.#end('committed')
    return changes
  }

  abort(): void {
    for (const view of this.#views.values()) view.release()
    for (const collection of this.#created.values()) collection.release()
    this.#end('aborted')
  }

  #end(state: 'committed' | 'aborted'): void {
    this.state = state
    this.#views.clear()
    this.#before.clear()
    this.#created.clear()
    this.#changedNamespaces.clear()
  }
}
