import { randomBytes } from 'node:crypto'
import { ServerError } from '../server-error.ts'
import type { Budget } from './budget.ts'
import { Collection, type CollectionOptions } from './collection.ts'

const UUID_BYTES = 16

/** A random UUID of version 4. */
export function newUuid(): Uint8Array {
  const bytes = randomBytes(UUID_BYTES)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return bytes
}

/** All databases. A database exists while it has a collection. */
export class Catalog {
  readonly budget: Budget
  readonly #databases = new Map<string, Map<string, Collection>>()

  constructor(budget: Budget) {
    this.budget = budget
  }

  databases(): readonly string[] {
    return [...this.#databases.keys()].sort()
  }

  /** In the order of their names. */
  collections(database: string): readonly Collection[] {
    const found = [...(this.#databases.get(database)?.values() ?? [])]
    return found.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  find(database: string, name: string): Collection | undefined {
    return this.#databases.get(database)?.get(name)
  }

  /** An empty collection that is in no database yet: `add` or `swap` puts it in its place. */
  build(database: string, name: string, options: CollectionOptions, uuid: Uint8Array = newUuid()): Collection {
    return new Collection(database, name, uuid, options, this.budget)
  }

  add(collection: Collection): Collection {
    const { database, name } = collection
    this.checkCase(database)
    const collections = this.#databases.get(database) ?? new Map<string, Collection>()
    this.#databases.set(database, collections)
    collections.set(name, collection)
    return collection
  }

  /** Two databases may not differ in the case of letters only: error 13297. `coming`: databases that are not there yet. */
  checkCase(database: string, coming: readonly string[] = []): void {
    if (this.#databases.has(database)) return
    const known = [...this.databases(), ...coming]
    const other = known.find((name) => name !== database && name.toLowerCase() === database.toLowerCase())
    if (other !== undefined) {
      throw new ServerError(
        13297,
        `db already exists with different case already have: [${other}] trying to create [${database}]`,
      )
    }
  }

  remove(collection: Collection): void {
    this.#detach(collection)
    collection.release()
  }

  /** Takes a removed collection back, which still has all that it had. */
  bringBack(collection: Collection): void {
    this.add(collection)
    collection.reclaim()
  }

  #detach({ database, name }: Collection): void {
    const collections = this.#databases.get(database)
    collections?.delete(name)
    if (collections?.size === 0) this.#databases.delete(database)
  }

  /** Puts `collection` in its place, and drops what was there, which is returned: one step for every observer. */
  swap(collection: Collection): Collection | undefined {
    const old = this.find(collection.database, collection.name)
    this.add(collection)
    old?.release()
    return old
  }

  /** Renames within one database; a target that exists is dropped, and returned. */
  rename(collection: Collection, name: string): Collection | undefined {
    const target = this.find(collection.database, name)
    this.#detach(collection)
    collection.name = name
    this.add(collection)
    target?.release()
    return target
  }
}
