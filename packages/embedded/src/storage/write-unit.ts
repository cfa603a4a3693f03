import { hashKey, type Doc, type Value } from '@stage0/bson-schema'
import type { Catalog } from './catalog.ts'
import { Collection, type CollectionOptions, type WriteGuard } from './collection.ts'
import type { IndexSpec } from './index-spec.ts'
import { IndexTree } from './index-tree.ts'
import type { CollectionReader } from './readers.ts'
import type { StoredRecord } from './record.ts'

/** One document that came, changed or went. */
export interface DocumentChange {
  readonly kind: 'document'
  readonly collection: Collection
  /** Absent: the document is new. */
  readonly before: StoredRecord | undefined
  /** Absent: the document is gone. */
  readonly after: StoredRecord | undefined
}

/** What happened to a collection as a whole. */
export type CatalogChange =
  /** Empty at that moment; its indexes and documents follow as changes of their own. */
  | { readonly kind: 'create'; readonly collection: Collection; readonly options: CollectionOptions }
  | { readonly kind: 'drop'; readonly collection: Collection }
  /** Within one database. */
  | {
      readonly kind: 'rename'
      readonly collection: Collection
      readonly from: string
      readonly to: string
      readonly replaced: Collection | undefined
    }
  /** `collection` is complete: options, indexes and documents, none of which were told before. */
  | { readonly kind: 'swap'; readonly collection: Collection; readonly replaced: Collection | undefined }
  | { readonly kind: 'options'; readonly collection: Collection; readonly options: CollectionOptions }
  | { readonly kind: 'addIndex'; readonly collection: Collection; readonly spec: IndexSpec }
  | { readonly kind: 'dropIndex'; readonly collection: Collection; readonly name: string }
  | { readonly kind: 'changeIndex'; readonly collection: Collection; readonly spec: IndexSpec }

export type Change = DocumentChange | CatalogChange

/** Who is told of everything that is committed. */
export interface ChangeSink {
  /** Once for each unit that changed something, in the order of the commits. Throws what the command shall fail with. */
  committed(changes: readonly Change[]): void
  /** Asked before a change is made: throws where no more can be taken. */
  refuse?(): void
  /**
   * Asked after every command, before its reply goes out: a promise holds the reply and the later commands of that
   * connection; a rejection becomes the command's failure. `command` is the command as it came.
   */
  beforeReply?(command: Doc): Promise<void> | undefined
}

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
  checkDocument(collection: Collection, key: string): void
  /** Whether `checkDocument` would throw. */
  hasWriter(collection: Collection, key: string): boolean
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

/** The stored collection behind a reader: outside of transactions nothing else is ever read. */
function stored(collection: CollectionReader): Collection {
  if (collection instanceof Collection) return collection
  throw new TypeError(`${collection.namespace} is seen through a transaction`)
}

/**
 * Outside of transactions every command has a unit: it carries the changes out at once and, where somebody wants to know,
 * notes them in their order. A command that fails halfway keeps what it did.
 */
export class WriteUnit implements Writer {
  readonly #catalog: Catalog
  readonly #changes: Change[] | undefined
  readonly #guard: UnitGuard | undefined
  readonly #refuse: (() => void) | undefined
  #statement = 0
  /** Something was changed, noted or not. */
  wrote = false

  constructor(catalog: Catalog, { noting, guard, refuse }: UnitOptions) {
    this.#catalog = catalog
    this.#refuse = refuse
    this.#guard = guard
    this.#changes = noting || guard !== undefined ? [] : undefined
  }

  /** In the order in which they were made; empty where nobody wants to know. */
  get changes(): readonly Change[] {
    return this.#changes ?? []
  }

  beginStatement(): void {
    this.#statement = this.changes.length
  }

  /** Takes back the document changes of the statement that runs: it will be carried out anew. */
  undoStatement(): void {
    for (const change of this.#changes?.splice(this.#statement).reverse() ?? []) {
      const key = change.kind === 'document' ? (change.before ?? change.after)?.key : undefined
      // Removals and changes of whole collections ask before the first of them is made.
      if (change.kind !== 'document' || change.after === undefined || key === undefined) {
        throw new TypeError(`a statement cannot be taken back after ${change.kind}`)
      }
      change.collection.settle(key, change.before)
    }
  }

  insert(reader: CollectionReader, raw: Uint8Array, id: Value, decoded?: Doc): StoredRecord {
    this.#refuse?.()
    const collection = stored(reader)
    const guard = this.#guard
    guard?.checkDocument(collection, hashKey(id))
    const after = collection.insert(raw, id, decoded, guard)
    this.wrote = true
    this.#changes?.push({ kind: 'document', collection, before: undefined, after })
    return after
  }

  replace(reader: CollectionReader, before: StoredRecord, raw: Uint8Array, decoded?: Doc): StoredRecord {
    this.#refuse?.()
    const collection = stored(reader)
    this.#guard?.checkDocument(collection, before.key)
    const after = collection.replace(before, raw, decoded, this.#guard)
    this.wrote = true
    this.#changes?.push({ kind: 'document', collection, before, after })
    return after
  }

  remove(reader: CollectionReader, before: StoredRecord): void {
    this.#refuse?.()
    const collection = stored(reader)
    this.#guard?.checkDocument(collection, before.key)
    collection.remove(before)
    this.wrote = true
    this.#changes?.push({ kind: 'document', collection, before, after: undefined })
  }

  claim(reader: CollectionReader, records: Iterable<StoredRecord>): void {
    if (this.#guard === undefined) return
    for (const { key } of records) this.#guard.checkDocument(stored(reader), key)
  }

  /** Whether no transaction stands in the way of writing the document. */
  isFree(collection: Collection, { key }: StoredRecord): boolean {
    return this.#guard?.hasWriter(collection, key) !== true
  }

  claimCollection(collection: Collection): void {
    this.#guard?.checkCollection(collection)
  }

  create(database: string, name: string, options: CollectionOptions): Collection {
    this.#refuse?.()
    this.#guard?.checkName(database, name)
    const collection = this.#catalog.add(this.#catalog.build(database, name, options))
    this.wrote = true
    this.#changes?.push({ kind: 'create', collection, options })
    return collection
  }

  drop(collection: Collection): void {
    this.#refuse?.()
    this.claimCollection(collection)
    this.#catalog.remove(collection)
    this.wrote = true
    this.#changes?.push({ kind: 'drop', collection })
  }

  rename(collection: Collection, to: string): void {
    this.#refuse?.()
    const { database, name: from } = collection
    this.#claimPlace(database, to)
    this.claimCollection(collection)
    const replaced = this.#catalog.rename(collection, to)
    this.wrote = true
    this.#changes?.push({ kind: 'rename', collection, from, to, replaced })
  }

  swap(collection: Collection): void {
    this.#refuse?.()
    this.#claimPlace(collection.database, collection.name)
    const replaced = this.#catalog.swap(collection)
    this.wrote = true
    this.#changes?.push({ kind: 'swap', collection, replaced })
  }

  #claimPlace(database: string, name: string): void {
    const there = this.#catalog.find(database, name)
    if (there !== undefined) this.claimCollection(there)
    this.#guard?.checkName(database, name)
  }

  setOptions(collection: Collection, options: CollectionOptions): void {
    this.#refuse?.()
    this.claimCollection(collection)
    collection.options = options
    this.wrote = true
    this.#changes?.push({ kind: 'options', collection, options })
  }

  addIndex(reader: CollectionReader, spec: IndexSpec): void {
    this.#refuse?.()
    const collection = stored(reader)
    this.claimCollection(collection)
    collection.addIndex(new IndexTree(spec))
    this.wrote = true
    this.#changes?.push({ kind: 'addIndex', collection, spec })
  }

  dropIndex(reader: CollectionReader, name: string): void {
    this.#refuse?.()
    const collection = stored(reader)
    this.claimCollection(collection)
    collection.dropIndex(name)
    this.wrote = true
    this.#changes?.push({ kind: 'dropIndex', collection, name })
  }

  changeIndex(collection: Collection, index: IndexTree, spec: IndexSpec): void {
    this.#refuse?.()
    this.claimCollection(collection)
    index.spec = spec
    this.wrote = true
    this.#changes?.push({ kind: 'changeIndex', collection, spec })
  }
}
