import { Doc, type Value } from '@stage0/bson-schema'
import type { Filter, StringCompare } from '../evaluate/contract.ts'
import { ServerError } from '../server-error.ts'
import type { Budget } from './budget.ts'
import type { DocumentChange } from './changes.ts'
import type { KeyValues } from './index-keys.ts'
import { buildIdIndex, ID_INDEX } from './id-index.ts'
import type { IndexTree } from './index-tree.ts'
import type { CollectionReader } from './readers.ts'
import { documentOf, recordKey, type RecordKey, type StoredRecord } from './record.ts'
import { shellDoc } from './shell-text.ts'

/** What the rules for documents of a collection say. Built by the commands; the storage only keeps it. */
export interface Validator {
  readonly expression: Doc
  readonly accepts: Filter
  /** As `accepts` for the bytes of a document; present where that is less work. */
  readonly acceptsRaw: ((raw: Uint8Array) => boolean) | undefined
  /** Why the document is refused: the `details` of the error. */
  readonly explain: (document: Doc) => Doc
}

export interface CollectionOptions {
  readonly collation: StringCompare | undefined
  readonly collationSpec: Doc | undefined
  readonly validator: Validator | undefined
  readonly validationLevel: string | undefined
  readonly validationAction: string | undefined
}

export const NO_OPTIONS: CollectionOptions = {
  collation: undefined,
  collationSpec: undefined,
  validator: undefined,
  validationLevel: undefined,
  validationAction: undefined,
}

/** Asked before a write, while transactions are open: throws where one of them stands in the way. */
export interface WriteGuard {
  /** One of `keys` is, or may become, that of a document which a transaction has written. `own` is the key of the record. */
  checkKeys(collection: Collection, index: IndexTree, keys: readonly KeyValues[], own: RecordKey): void
}

/** Documents in the order of insertion with their indexes. Every change is whole or is not made. */
export class Collection implements CollectionReader {
  readonly database: string
  name: string
  readonly uuid: Uint8Array
  options: CollectionOptions
  readonly #budget: Budget
  readonly #records = new Map<RecordKey, StoredRecord>()
  readonly #indexes = new Map<string, IndexTree>()
  /** Made when somebody first asks for an order or a range of `_id`; equality needs only the map. */
  #idIndex: IndexTree | undefined
  #nextSequence = 0
  #bytes = 0

  constructor(database: string, name: string, uuid: Uint8Array, options: CollectionOptions, budget: Budget) {
    this.database = database
    this.name = name
    this.uuid = uuid
    this.options = options
    this.#budget = budget
  }

  get namespace(): string {
    return `${this.database}.${this.name}`
  }

  get size(): number {
    return this.#records.size
  }

  /** Sum of the raw documents. */
  get bytes(): number {
    return this.#bytes
  }

  get indexes(): ReadonlyMap<string, IndexTree> {
    return this.#indexes
  }

  /** Live, in the order of insertion. */
  records(): IterableIterator<StoredRecord> {
    return this.#records.values()
  }

  /** The index on `_id` in its order. */
  idIndex(): IndexTree {
    this.#idIndex ??= buildIdIndex(this.options, this.#records.values())
    return this.#idIndex
  }

  byId(id: Value): StoredRecord | undefined {
    return this.#records.get(recordKey(id))
  }

  byKey(key: RecordKey): StoredRecord | undefined {
    return this.#records.get(key)
  }

  /** Stores a document that has its `_id` in front. Throws 11000, 171, 14031. `decoded` saves decoding where it is known. */
  insert(raw: Uint8Array, id: Value, decoded?: Doc, guard?: WriteGuard): StoredRecord {
    const key = recordKey(id)
    const record: StoredRecord = { raw, id, key, sequence: this.#nextSequence }
    if (this.options.collation !== undefined) guard?.checkKeys(this, this.idIndex(), [[id]], key)
    // Under a collation two different texts can be the same `_id`: the map knows only identical ones.
    const isTaken =
      this.#records.has(key) ||
      (this.options.collation !== undefined && this.idIndex().conflict([[id]], undefined) !== undefined)
    if (isTaken) throw this.duplicateKey(ID_INDEX, new Doc(['_id'], [1]), [id])
    const keys = this.#checkedKeys(record, decoded, undefined, guard)
    this.#budget.take(1, raw.length)
    this.#nextSequence++
    this.#bytes += raw.length
    this.#records.set(key, record)
    this.#idIndex?.add([[id]], record)
    for (const [index, values] of keys) index.add(values, record)
    return record
  }

  /** Puts `raw` in the place of `old`, whose `_id` it has. Throws as `insert` does. */
  replace(old: StoredRecord, raw: Uint8Array, decoded?: Doc, guard?: WriteGuard): StoredRecord {
    const record: StoredRecord = { ...old, raw }
    const keys = this.#checkedKeys(record, decoded, old, guard)
    this.#budget.take(0, raw.length - old.raw.length)
    this.#bytes += raw.length - old.raw.length
    if (this.#indexes.size > 0) {
      const before = documentOf(old)
      for (const index of this.#indexes.values()) index.remove(index.keysOf(before), old)
    }
    this.#records.set(record.key, record)
    for (const [index, values] of keys) index.add(values, record)
    return record
  }

  remove(record: StoredRecord): void {
    this.#records.delete(record.key)
    this.#idIndex?.remove([[record.id]], record)
    this.#bytes -= record.raw.length
    this.#budget.giveBack(1, record.raw.length)
    if (this.#indexes.size === 0) return
    const document = documentOf(record)
    for (const index of this.#indexes.values()) index.remove(index.keysOf(document), record)
  }

  /**
   * Puts the last state of a document in its place, nothing for `undefined`, without asking the unique indexes: for changes
   * that were checked when they were made. Between two of them the same value may stand twice. Returns what changed; it has
   * neither a state before nor one after where a document came and went.
   */
  settle(key: RecordKey, last: Pick<StoredRecord, 'raw' | 'id'> | undefined): DocumentChange {
    const before = this.#records.get(key)
    if (last === undefined) {
      if (before !== undefined) this.remove(before)
      return { kind: 'document', collection: this, before, after: undefined }
    }
    const { raw, id } = last
    const after: StoredRecord = { raw, id, key, sequence: before?.sequence ?? this.#nextSequence++ }
    this.#put(before, after)
    return { kind: 'document', collection: this, before, after }
  }

  /** Puts a state back that was there before. A document that was gone comes last in `records`, until `reorder`. */
  restore(record: StoredRecord): void {
    this.#put(this.#records.get(record.key), record)
  }

  /** Brings the documents into the order of their sequence. */
  reorder(): void {
    const records = [...this.#records].sort(([, a], [, b]) => a.sequence - b.sequence)
    this.#records.clear()
    for (const [key, record] of records) this.#records.set(key, record)
  }

  #put(before: StoredRecord | undefined, after: StoredRecord): void {
    const { raw, id, key } = after
    const grown = raw.length - (before?.raw.length ?? 0)
    this.#budget.take(before === undefined ? 1 : 0, grown)
    this.#bytes += grown
    if (this.#indexes.size > 0) {
      const [old, fresh] = [before && documentOf(before), documentOf(after)]
      for (const index of this.#indexes.values()) {
        if (before !== undefined && old !== undefined) index.remove(index.keysOf(old), before)
        index.add(index.keysOf(fresh), after)
      }
    }
    if (before === undefined) this.#idIndex?.add([[id]], after)
    this.#records.set(key, after)
  }

  #checkedKeys(
    record: StoredRecord,
    decoded: Doc | undefined,
    old: StoredRecord | undefined,
    guard: WriteGuard | undefined,
  ): readonly (readonly [IndexTree, readonly KeyValues[]])[] {
    if (this.#indexes.size === 0) return []
    const document = decoded ?? documentOf(record)
    return [...this.#indexes.values()].map((index) => {
      const keys = index.keysOf(document)
      if (index.spec.unique || index.spec.prepareUnique) guard?.checkKeys(this, index, keys, record.key)
      const conflict = index.conflict(keys, old)
      if (conflict !== undefined) throw this.duplicateKey(index.name, index.spec.key, conflict)
      return [index, keys] as const
    })
  }

  /** Fills `index` from the documents and adds it. Throws 11000 and 171 and adds nothing. */
  addIndex(index: IndexTree): void {
    index.fill(this.#records.values(), (record) => index.keysOf(documentOf(record)))
    const [conflict] = index.spec.unique || index.spec.prepareUnique ? (index.duplicate() ?? []) : []
    if (conflict !== undefined) throw this.duplicateKey(index.name, index.spec.key, conflict.values)
    this.#indexes.set(index.name, index)
  }

  dropIndex(name: string): void {
    this.#indexes.delete(name)
  }

  /** Takes an index back that was dropped, and whose documents have not changed since. */
  bringBackIndex(index: IndexTree): void {
    this.#indexes.set(index.name, index)
  }

  /** Gives all room back; the collection must not be used afterwards, unless it is reclaimed. */
  release(): void {
    this.#budget.giveBack(this.#records.size, this.#bytes)
  }

  /** Takes the room again that `release` gave back; it was there a moment ago. */
  reclaim(): void {
    this.#budget.giveBack(-this.#records.size, -this.#bytes)
  }

  /** Error 11000 with the server's text, `keyPattern` and `keyValue`. */
  duplicateKey(index: string, pattern: Doc, values: KeyValues): ServerError {
    const keyValue = new Doc(pattern.keys, values)
    const message = `E11000 duplicate key error collection: ${this.namespace} index: ${index} dup key: ${shellDoc(keyValue)}`
    return new ServerError(11000, message, new Doc(['keyPattern', 'keyValue'], [pattern, keyValue]))
  }
}
