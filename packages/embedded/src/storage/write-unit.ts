import type { Doc, Value } from '@stage0/bson-schema'
import type { Catalog } from './catalog.ts'
import type { Collection, CollectionOptions } from './collection.ts'
import type { IndexSpec } from './index-spec.ts'
import { IndexTree } from './index-tree.ts'
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
  /**
   * Asked after every command, before its reply goes out: a promise holds the reply and the later commands of that
   * connection; a rejection becomes the command's failure. `command` is the command as it came.
   */
  beforeReply?(command: Doc): Promise<void> | undefined
}

/**
 * All changes go through a unit, one for each command: it carries them out at once and, where somebody wants to know, notes
 * them in their order. A command that fails halfway keeps what it did.
 */
export class WriteUnit {
  readonly #catalog: Catalog
  readonly #changes: Change[] | undefined

  /** `noting`: somebody wants to know the changes. Without it they cost nothing. */
  constructor(catalog: Catalog, noting: boolean) {
    this.#catalog = catalog
    this.#changes = noting ? [] : undefined
  }

  /** In the order in which they were made; empty where nobody wants to know. */
  get changes(): readonly Change[] {
    return this.#changes ?? []
  }

  /** Stores a document that has its `_id` in front. Throws 11000, 171, 14031. `decoded` saves decoding where it is known. */
  insert(collection: Collection, raw: Uint8Array, id: Value, decoded?: Doc): StoredRecord {
    const after = collection.insert(raw, id, decoded)
    this.#changes?.push({ kind: 'document', collection, before: undefined, after })
    return after
  }

  /** Puts `raw` in the place of `before`, whose `_id` it has. Throws as `insert` does. */
  replace(collection: Collection, before: StoredRecord, raw: Uint8Array, decoded?: Doc): StoredRecord {
    const after = collection.replace(before, raw, decoded)
    this.#changes?.push({ kind: 'document', collection, before, after })
    return after
  }

  remove(collection: Collection, before: StoredRecord): void {
    collection.remove(before)
    this.#changes?.push({ kind: 'document', collection, before, after: undefined })
  }

  /** Makes an empty collection. Throws 13297. */
  create(database: string, name: string, options: CollectionOptions): Collection {
    const collection = this.#catalog.add(this.#catalog.build(database, name, options))
    this.#changes?.push({ kind: 'create', collection, options })
    return collection
  }

  drop(collection: Collection): void {
    this.#catalog.remove(collection)
    this.#changes?.push({ kind: 'drop', collection })
  }

  /** Renames within one database; a target that exists is dropped. */
  rename(collection: Collection, to: string): void {
    const from = collection.name
    const replaced = this.#catalog.rename(collection, to)
    this.#changes?.push({ kind: 'rename', collection, from, to, replaced })
  }

  /** Puts a collection that was built aside in its place, and drops what was there. */
  swap(collection: Collection): void {
    const replaced = this.#catalog.swap(collection)
    this.#changes?.push({ kind: 'swap', collection, replaced })
  }

  setOptions(collection: Collection, options: CollectionOptions): void {
    collection.options = options
    this.#changes?.push({ kind: 'options', collection, options })
  }

  /** Builds an index over the documents. Throws 11000 and 171 and adds nothing. */
  addIndex(collection: Collection, spec: IndexSpec): void {
    collection.addIndex(new IndexTree(spec))
    this.#changes?.push({ kind: 'addIndex', collection, spec })
  }

  dropIndex(collection: Collection, name: string): void {
    collection.dropIndex(name)
    this.#changes?.push({ kind: 'dropIndex', collection, name })
  }

  /** Changes what an index says of itself; its keys stay. */
  changeIndex(collection: Collection, index: IndexTree, spec: IndexSpec): void {
    index.spec = spec
    this.#changes?.push({ kind: 'changeIndex', collection, spec })
  }
}
