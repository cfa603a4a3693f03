import { decodeField, type Doc, type Value } from '@stage0/bson-schema'
import { readIndexSpec } from '../catalog/index-specs.ts'
import { restoredOptions } from '../catalog/options.ts'
import type { EvaluationContext } from '../evaluate/contract.ts'
import type { Catalog } from '../storage/catalog.ts'
import type { Collection } from '../storage/collection.ts'
import { IndexTree } from '../storage/index-tree.ts'
import { recordKey } from '../storage/record.ts'
import { UnreadableRecord, type StoredChange, type StoredCollection } from './change.ts'

interface Rebuilt {
  readonly collection: Collection
  /** Built once at the end, by name: history was valid, so nothing has to be looked up in them on the way. */
  readonly indexes: Map<string, Doc>
}

const nameOf = (spec: Doc): string => String(spec.get('name'))

function idOf(raw: Uint8Array): Value {
  const id = decodeField(raw, '_id')
  if (id === undefined) throw new UnreadableRecord('a document without _id')
  return id
}

/** Brings a catalog to the state that a snapshot and a log tell. */
export class Replay {
  readonly #catalog: Catalog
  readonly #context: EvaluationContext
  readonly #collections = new Map<string, Rebuilt>()

  constructor(catalog: Catalog, now: Date) {
    this.#catalog = catalog
    this.#context = { collation: undefined, variables: new Map(), now, checkTime: () => undefined }
  }

  #found(uuid: Uint8Array): Rebuilt {
    const found = this.#collections.get(Buffer.from(uuid).toString('hex'))
    if (found === undefined) throw new UnreadableRecord('a change of a collection that is not there')
    return found
  }

  create({ uuid, database, name, options, indexes }: StoredCollection): void {
    const restored = restoredOptions(this.#scope(database), `${database}.${name}`, options)
    const collection = this.#catalog.add(this.#catalog.build(database, name, restored, uuid))
    this.#collections.set(Buffer.from(uuid).toString('hex'), {
      collection,
      indexes: new Map(indexes.map((spec) => [nameOf(spec), spec])),
    })
  }

  #scope(database: string): { database: string; context: () => EvaluationContext } {
    return { database, context: () => this.#context }
  }

  /** Stores a document, in the place of the one with the same `_id` where there is one. */
  put(uuid: Uint8Array, raw: Uint8Array): void {
    const id = idOf(raw)
    this.#found(uuid).collection.settle(recordKey(id), { raw, id })
  }

  #remove(uuid: Uint8Array, raw: Uint8Array): void {
    const { before } = this.#found(uuid).collection.settle(recordKey(idOf(raw)), undefined)
    if (before === undefined) throw new UnreadableRecord('the removal of a document that is not there')
  }

  apply(change: StoredChange): void {
    switch (change.kind) {
      case 'create':
        return this.create(change.collection)
      case 'put':
        for (const raw of change.documents) this.put(change.uuid, raw)
        return
      case 'remove':
        for (const raw of change.documents) this.#remove(change.uuid, raw)
        return
      case 'drop':
        this.#catalog.remove(this.#found(change.uuid).collection)
        this.#collections.delete(Buffer.from(change.uuid).toString('hex'))
        return
      case 'rename':
        this.#catalog.rename(this.#found(change.uuid).collection, change.name)
        return
      case 'options': {
        const { collection } = this.#found(change.uuid)
        collection.options = restoredOptions(this.#scope(collection.database), collection.namespace, change.options)
        return
      }
      case 'index':
        this.#found(change.uuid).indexes.set(nameOf(change.spec), change.spec)
        return
      case 'dropIndex':
        this.#found(change.uuid).indexes.delete(change.name)
        return
      default:
        return change satisfies never
    }
  }

  /** Builds the indexes over the documents that are there now. */
  finish(): void {
    for (const { collection, indexes } of this.#collections.values()) {
      for (const shown of indexes.values()) {
        // What is shown is whole: an index without a collation has none, whatever the collection's own is.
        const options = { ...collection.options, collationSpec: undefined }
        const spec = readIndexSpec({ options }, shown, this.#context)
        const index = new IndexTree({ ...spec, unique: false, prepareUnique: false })
        collection.addIndex(index)
        // A prepared index may stand over duplicates that were there before it.
        index.spec = { ...spec, spec: shown }
      }
    }
  }
}
