import { doc, type Doc, type Value } from '@stage0/bson-schema'
import type { ServerError } from '../server-error.ts'
import type { Budget } from '../storage/budget.ts'
import type { Collection, CollectionOptions } from '../storage/collection.ts'
import { ID_INDEX } from '../storage/id-index.ts'
import type { KeyValues } from '../storage/index-keys.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { documentOf, recordKey, type RecordKey, type StoredRecord } from '../storage/record.ts'
import { entriesWith, OverlayIndex, type Differences } from './overlay-index.ts'
import { writeConflict } from './transaction-errors.ts'

/** Documents that a transaction made come after all committed ones, until they are committed themselves. */
const FIRST_OWN_SEQUENCE = 2 ** 52

/** Whether another open transaction has written what this one is about to write. */
export interface Rivals {
  hasWritten(collection: Collection, key: RecordKey): boolean
  hasKeys(collection: Collection, index: string, keys: readonly KeyValues[], own: RecordKey): boolean
}

/**
 * A collection as one transaction sees it: the committed documents as they were when it began, and its own writes. Throws 112
 * where a write meets one of another transaction, open or committed since.
 */
export class TransactionView implements CollectionReader, Differences {
  readonly base: Collection
  readonly #budget: Budget
  readonly #rivals: Rivals
  /** What others changed since the transaction began, as it was then. */
  readonly #before: ReadonlyMap<RecordKey, StoredRecord | undefined>
  /** Own writes: the last state of each document. */
  readonly #own = new Map<RecordKey, StoredRecord | undefined>()
  readonly #indexes = new Map<string, OverlayIndex>()
  /** Those that have looked for what differs, and must hear of each change from then on. */
  readonly #informed: OverlayIndex[] = []
  #idIndex: OverlayIndex | undefined
  #nextSequence = FIRST_OWN_SEQUENCE
  #takenDocuments = 0
  #takenBytes = 0

  constructor(
    base: Collection,
    before: ReadonlyMap<RecordKey, StoredRecord | undefined>,
    budget: Budget,
    rivals: Rivals,
  ) {
    this.base = base
    this.#before = before
    this.#budget = budget
    this.#rivals = rivals
    // No index comes or goes while a transaction uses the collection.
    for (const [name, index] of base.indexes) this.#indexes.set(name, new OverlayIndex(index, this))
  }

  get database(): string {
    return this.base.database
  }

  get name(): string {
    return this.base.name
  }

  get namespace(): string {
    return this.base.namespace
  }

  get uuid(): Uint8Array {
    return this.base.uuid
  }

  get options(): CollectionOptions {
    return this.base.options
  }

  get indexes(): ReadonlyMap<string, OverlayIndex> {
    return this.#indexes
  }

  /** Own writes: the last state of each document by its key. */
  get own(): ReadonlyMap<RecordKey, StoredRecord | undefined> {
    return this.#own
  }

  get size(): number {
    return this.#sum(() => 1, this.base.size)
  }

  get bytes(): number {
    return this.#sum(({ raw }) => raw.length, this.base.bytes)
  }

  #sum(of: (record: StoredRecord) => number, committed: number): number {
    let sum = committed
    for (const key of this.#differentKeys()) {
      const [now, seen] = [this.base.byKey(key), this.byKey(key)]
      sum += (seen === undefined ? 0 : of(seen)) - (now === undefined ? 0 : of(now))
    }
    return sum
  }

  *#differentKeys(): Generator<RecordKey> {
    yield* this.#own.keys()
    for (const key of this.#before.keys()) if (!this.#own.has(key)) yield key
  }

  isAny(): boolean {
    return this.#own.size > 0 || this.#before.size > 0
  }

  isDifferent(key: RecordKey): boolean {
    return this.#own.has(key) || this.#before.has(key)
  }

  *different(): Generator<StoredRecord> {
    for (const key of this.#differentKeys()) {
      const record = this.byKey(key)
      if (record !== undefined) yield record
    }
  }

  inform(index: OverlayIndex): void {
    this.#informed.push(index)
  }

  byId(id: Value): StoredRecord | undefined {
    return this.byKey(recordKey(id))
  }

  byKey(key: RecordKey): StoredRecord | undefined {
    if (this.#own.size > 0 && this.#own.has(key)) return this.#own.get(key)
    return this.#before.size > 0 && this.#before.has(key) ? this.#before.get(key) : this.base.byKey(key)
  }

  *records(): Generator<StoredRecord> {
    for (const record of this.base.records()) {
      const seen = this.isDifferent(record.key) ? this.byKey(record.key) : record
      if (seen !== undefined) yield seen
    }
    for (const record of this.different()) if (this.base.byKey(record.key) === undefined) yield record
  }

  idIndex(): OverlayIndex {
    this.#idIndex ??= new OverlayIndex(this.base.idIndex(), this)
    return this.#idIndex
  }

  duplicateKey(index: string, pattern: Doc, values: KeyValues): ServerError {
    return this.base.duplicateKey(index, pattern, values)
  }

  insert(raw: Uint8Array, id: Value, decoded?: Doc): StoredRecord {
    const key = recordKey(id)
    if (this.byKey(key) !== undefined) throw this.duplicateKey(ID_INDEX, doc({ _id: 1 }), [id])
    this.#checkRivals(key)
    if (this.options.collation !== undefined) this.#checkUnique(this.idIndex(), [[id]], key)
    const record: StoredRecord = { raw, id, key, sequence: this.#nextSequence++ }
    this.#checkKeys(record, decoded)
    this.#take(1, raw.length)
    this.#write(key, record, decoded)
    return record
  }

  replace(old: StoredRecord, raw: Uint8Array, decoded?: Doc): StoredRecord {
    this.#checkRivals(old.key)
    const { id, key, sequence } = old
    const record: StoredRecord = { raw, id, key, sequence }
    this.#checkKeys(record, decoded)
    this.#take(0, raw.length - old.raw.length)
    this.#write(old.key, record, decoded)
    return record
  }

  remove(old: StoredRecord): void {
    this.#checkRivals(old.key)
    this.#take(-1, -old.raw.length)
    this.#write(old.key, undefined)
  }

  /** Somebody else committed a change of `key`, which was `before` when the transaction began. */
  othersChanged(before: StoredRecord | undefined): void {
    for (const index of this.#informed) index.changed(undefined, before)
  }

  /** Whether an own write has one of `keys`. */
  hasOwnKeys(index: string, keys: readonly KeyValues[], own: RecordKey): boolean {
    if (this.#own.size === 0) return false
    const overlay = index === ID_INDEX ? this.idIndex() : this.#indexes.get(index)
    if (overlay === undefined) return false
    for (const { recordKey } of entriesWith(overlay.beside(), keys, own)) if (this.#own.has(recordKey)) return true
    return false
  }

  /** Gives the room back that uncommitted documents take. */
  release(): void {
    this.#budget.giveBack(this.#takenDocuments, this.#takenBytes)
    this.#takenDocuments = 0
    this.#takenBytes = 0
  }

  #take(documents: number, bytes: number): void {
    this.#budget.take(documents, bytes)
    this.#takenDocuments += documents
    this.#takenBytes += bytes
  }

  #write(key: RecordKey, record: StoredRecord | undefined, decoded?: Doc): void {
    // What the small indexes hold of the document until now: nothing where it is the committed one.
    const held = this.#informed.length > 0 && this.isDifferent(key) ? this.byKey(key) : undefined
    this.#own.set(key, record)
    for (const index of this.#informed) index.changed(held, record, decoded)
  }

  #checkRivals(key: RecordKey): void {
    if (this.#own.has(key)) return
    // Most of the time nobody else has written: what is not there is not asked for each document.
    if ((this.#before.size > 0 && this.#before.has(key)) || this.#rivals.hasWritten(this.base, key))
      throw writeConflict()
  }

  #checkKeys(record: StoredRecord, decoded: Doc | undefined): void {
    if (this.#indexes.size === 0) return
    const document = decoded ?? documentOf(record)
    for (const index of this.#indexes.values()) {
      // Also throws 171 for a document that cannot be indexed.
      const keys = index.base.keysOf(document)
      if (index.spec.unique || index.spec.prepareUnique) this.#checkUnique(index, keys, record.key)
    }
  }

  #checkUnique(index: OverlayIndex, keys: readonly KeyValues[], own: RecordKey): void {
    for (const entry of entriesWith(index, keys, own)) {
      throw this.duplicateKey(index.name, index.spec.key, entry.values)
    }
    // The value was taken after the transaction began: it cannot see by what.
    for (const { recordKey } of entriesWith(index.base, keys, own)) {
      if (!this.#own.has(recordKey)) throw writeConflict()
    }
    if (this.#rivals.hasKeys(this.base, index.name, keys, own)) throw writeConflict()
  }
}
