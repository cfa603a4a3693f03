import type { Doc, Value } from '@stage0/bson-schema'
import type { Collection, CollectionOptions, WriteGuard } from './collection.ts'
import type { IndexSpec } from './index-spec.ts'
import type { IndexTree } from './index-tree.ts'
import type { CollectionReader } from './readers.ts'
import type { RecordKey, StoredRecord } from './record.ts'

/** What a command writes through: a unit of its own, or a transaction. */
export interface Writer {
  /** Stores a document that has its `_id` in front. Throws 11000, 171, 14031. `decoded` saves decoding where it is known. */
  insert(collection: CollectionReader, raw: Uint8Array, id: Value, decoded?: Doc): StoredRecord
  /** Puts `raw` in the place of `before`, whose `_id` it has. Throws as `insert` does. */
  replace(collection: CollectionReader, before: StoredRecord, raw: Uint8Array, decoded?: Doc): StoredRecord
  remove(collection: CollectionReader, before: StoredRecord): void
  /** A statement of the command begins: it is what is taken back where the command must wait. */
  beginStatement(): void
  /** Says that these documents will be written, before the first of them is. */
  claim(collection: CollectionReader, records: Iterable<StoredRecord>): void
  /** Says that the collection will be changed as a whole. */
  claimCollection(collection: Collection): void
  /** Makes an empty collection. Throws 13297. */
  create(database: string, name: string, options: CollectionOptions): CollectionReader
  drop(collection: Collection): void
  /** Renames within one database; a target that exists is dropped. */
  rename(collection: Collection, to: string): void
  /** Puts a collection that was built aside in its place, and drops what was there. */
  swap(collection: Collection): void
  setOptions(collection: Collection, options: CollectionOptions): void
  /** Builds an index over the documents. Throws 11000 and 171 and adds nothing. */
  addIndex(collection: CollectionReader, spec: IndexSpec): void
  dropIndex(collection: CollectionReader, name: string): void
  /** Changes what an index says of itself; its keys stay. */
  changeIndex(collection: Collection, index: IndexTree, spec: IndexSpec): void
}

/** Asked before every write while transactions are open: throws where one of them stands in the way. */
export interface UnitGuard extends WriteGuard {
  checkDocument(collection: Collection, key: RecordKey): void
  /** Whether `checkDocument` would throw. */
  hasWriter(collection: Collection, key: RecordKey): boolean
  checkCollection(collection: Collection): void
  /** A collection of this name is about to be made. */
  checkName(database: string, name: string): void
}

export interface UnitOptions {
  /** Somebody wants to know the changes. Without it they cost nothing. */
  readonly noting: boolean
  readonly guard: UnitGuard | undefined
  /** Asked before every change: throws where none can be kept. */
  readonly refuse?: (() => void) | undefined
}
