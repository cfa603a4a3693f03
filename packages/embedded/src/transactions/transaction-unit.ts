import type { Doc, Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { Collection, CollectionOptions } from '../storage/collection.ts'
import type { IndexSpec } from '../storage/index-spec.ts'
import { IndexTree } from '../storage/index-tree.ts'
import type { CollectionReader } from '../storage/readers.ts'
import type { StoredRecord } from '../storage/record.ts'
import type { Writer } from '../storage/writer.ts'
import type { Transaction } from './transaction.ts'
import { TransactionView } from './transaction-view.ts'

const refused = (what: string): ServerError =>
  new ServerError(263, `${what} is not allowed in a multi-document transaction`)

/** What the commands of a transaction write through. Its changes are told when it is committed. */
export class TransactionUnit implements Writer {
  readonly #transaction: Transaction

  constructor(transaction: Transaction) {
    this.#transaction = transaction
  }

  /** The collection to write to: one that only the transaction has, or its view of a committed one. */
  #target(collection: CollectionReader): Collection | TransactionView {
    if (collection instanceof TransactionView || this.#transaction.isOwn(collection)) return collection
    throw new TypeError(`${collection.namespace} is not seen through the transaction`)
  }

  insert(collection: CollectionReader, raw: Uint8Array, id: Value, decoded?: Doc): StoredRecord {
    return this.#target(collection).insert(raw, id, decoded)
  }

  replace(collection: CollectionReader, before: StoredRecord, raw: Uint8Array, decoded?: Doc): StoredRecord {
    return this.#target(collection).replace(before, raw, decoded)
  }

  remove(collection: CollectionReader, before: StoredRecord): void {
    this.#target(collection).remove(before)
  }

  /** Nothing of a transaction is taken back alone. */
  beginStatement(): void {}

  /** A write of a transaction does not wait: it conflicts when it is made. */
  claim(): void {}

  create(database: string, name: string, options: CollectionOptions): CollectionReader {
    return this.#transaction.create(database, name, options)
  }

  /** Throws 263 for a collection that the transaction did not make itself. */
  addIndex(collection: CollectionReader, spec: IndexSpec): void {
    if (!this.#transaction.isOwn(collection)) {
      throw new ServerError(
        263,
        `Cannot create new indexes on existing collection ${collection.namespace} in a multi-document transaction.`,
      )
    }
    collection.addIndex(new IndexTree(spec))
  }

  dropIndex(collection: CollectionReader, name: string): void {
    if (!this.#transaction.isOwn(collection)) throw refused('Dropping an index')
    collection.dropIndex(name)
  }

  claimCollection(): never {
    throw refused('Changing a collection as a whole')
  }

  drop(): never {
    throw refused('Dropping a collection')
  }

  rename(): never {
    throw refused('Renaming a collection')
  }

  swap(): never {
    throw refused('Replacing a collection')
  }

  setOptions(): never {
    throw refused('Changing the options of a collection')
  }

  changeIndex(): never {
    throw refused('Changing an index')
  }
}
