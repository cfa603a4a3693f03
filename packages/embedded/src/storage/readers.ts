import type { Doc, Value } from '@stage0/bson-schema'
import type { ServerError } from '../server-error.ts'
import type { CollectionOptions } from './collection.ts'
import type { KeyValues } from './index-keys.ts'
import type { IndexSpec } from './index-spec.ts'
import type { IndexEntry } from './index-tree.ts'
import type { RecordKey, StoredRecord } from './record.ts'

/** An index as a query sees it. */
export interface IndexReader {
  readonly spec: IndexSpec
  readonly name: string
  readonly size: number
  /** Whether queries may be answered from it. */
  readonly usable: boolean
  /** Some document has, or had, several keys. */
  readonly multikey: boolean
  /** Entries in index order from `values` (which may be a prefix of the fields) on; without it all. */
  from(values: KeyValues | undefined): Iterable<IndexEntry>
  /** All entries, the last one first. */
  backwards(): Iterable<IndexEntry>
  /** Which of two keys comes first in the index. */
  compareKeys(a: KeyValues, b: KeyValues): number
  /** Compares an entry with the leading values of a bound, by the directions of the index. */
  comparePrefix(entry: IndexEntry, bound: KeyValues): number
}

/** A collection as a command sees it: what is committed, or what a transaction sees. */
export interface CollectionReader {
  readonly database: string
  readonly name: string
  readonly namespace: string
  readonly uuid: Uint8Array
  readonly options: CollectionOptions
  readonly size: number
  /** Sum of the raw documents. */
  readonly bytes: number
  /** Without the one on `_id`. */
  readonly indexes: ReadonlyMap<string, IndexReader>
  /** The index on `_id` in its order. */
  idIndex(): IndexReader
  /** Live, in the order of insertion. */
  records(): Iterable<StoredRecord>
  byId(id: Value): StoredRecord | undefined
  byKey(key: RecordKey): StoredRecord | undefined
  /** Error 11000 with the server's text, `keyPattern` and `keyValue`. */
  duplicateKey(index: string, pattern: Doc, values: KeyValues): ServerError
}

/** Finds the collections that a command sees. */
export interface CatalogReader {
  find(database: string, name: string): CollectionReader | undefined
}
