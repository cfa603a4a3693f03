import type { StoredRecord } from '../storage/record.ts'

/**
 * Records of a live collection, read lazily. `detach` copies the references that are left: a cursor that stays open is a
 * snapshot, and one that is read in a single batch costs no copy.
 */
export class RecordSource implements Iterable<StoredRecord> {
  #rest: Iterator<StoredRecord>
  #detached = false

  constructor(records: Iterable<StoredRecord>) {
    this.#rest = records[Symbol.iterator]()
  }

  detach(): void {
    if (this.#detached) return
    this.#detached = true
    const left: StoredRecord[] = []
    for (let item = this.#rest.next(); item.done !== true; item = this.#rest.next()) left.push(item.value)
    this.#rest = left[Symbol.iterator]()
  }

  [Symbol.iterator](): Iterator<StoredRecord> {
    return { next: () => this.#rest.next() }
  }
}
