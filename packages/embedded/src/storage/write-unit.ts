import type { Doc, Value } from '@stage0/bson-schema'
import type { Catalog } from './catalog.ts'
import type { Change } from './changes.ts'
import { Collection, type CollectionOptions } from './collection.ts'
import type { IndexSpec } from './index-spec.ts'
import { IndexTree } from './index-tree.ts'
import type { CollectionReader } from './readers.ts'
import { recordKey, type StoredRecord } from './record.ts'
import type { UnitGuard, UnitOptions, Writer } from './writer.ts'

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
  #changes: Change[] | undefined
  #guard: UnitGuard | undefined
  #refuse: (() => void) | undefined
  #statement = 0
  /** Something was changed, noted or not. */
  wrote = false

  constructor(catalog: Catalog, options: UnitOptions) {
    this.#catalog = catalog
    this.renew(options)
  }

  /** Begins anew for the next piece of a command, when the one before is committed. */
  renew({ noting, guard, refuse }: UnitOptions): void {
    this.#refuse = refuse
    this.#guard = guard
    this.#changes = noting || guard !== undefined ? [] : undefined
    this.#statement = 0
    this.wrote = false
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
    guard?.checkDocument(collection, recordKey(id))
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
    const before = collection.options
    collection.options = options
    this.wrote = true
    this.#changes?.push({ kind: 'options', collection, before, options })
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
    const index = collection.indexes.get(name)
    collection.dropIndex(name)
    this.wrote = true
    if (index !== undefined) this.#changes?.push({ kind: 'dropIndex', collection, index })
  }

  changeIndex(collection: Collection, index: IndexTree, spec: IndexSpec): void {
    this.#refuse?.()
    this.claimCollection(collection)
    const before = index.spec
    index.spec = spec
    this.wrote = true
    this.#changes?.push({ kind: 'changeIndex', collection, index, before, spec })
  }
}
