import type { Doc } from '@stage0/bson-schema'
import { ID_INDEX } from '../storage/id-index.ts'
import type { IndexSpec } from '../storage/index-spec.ts'
import type { KeyValues } from '../storage/index-keys.ts'
import { IndexTree, type IndexEntry } from '../storage/index-tree.ts'
import type { IndexReader } from '../storage/readers.ts'
import { documentOf, type StoredRecord } from '../storage/record.ts'

/** What an overlay must know of the documents that differ from the committed ones. */
export interface Differences {
  isDifferent(key: string): boolean
  /** The documents that differ, as the transaction sees them; those that it does not see are left out. */
  different(): Iterable<StoredRecord>
}

/**
 * An index as a transaction sees it: the committed one without the documents that differ, and beside it a small one of those.
 * The small one is made when somebody looks.
 */
export class OverlayIndex implements IndexReader {
  readonly base: IndexTree
  readonly #differences: Differences
  #beside: IndexTree | undefined

  constructor(base: IndexTree, differences: Differences) {
    this.base = base
    this.#differences = differences
  }

  get spec(): IndexSpec {
    return this.base.spec
  }

  get name(): string {
    return this.base.name
  }

  get size(): number {
    let count = 0
    for (const _ of this.from(undefined)) count++
    return count
  }

  get usable(): boolean {
    return this.base.usable
  }

  get multikey(): boolean {
    return this.base.multikey || this.beside().multikey
  }

  /** The index of the documents that differ. */
  beside(): IndexTree {
    if (this.#beside === undefined) {
      const beside = new IndexTree(this.base.spec)
      for (const record of this.#differences.different()) beside.add(keysIn(beside, record, undefined), record)
      this.#beside = beside
    }
    return this.#beside
  }

  /** A document has another state: `before` is the one that the small index holds, if any. `decoded` is that of `after`. */
  changed(before: StoredRecord | undefined, after: StoredRecord | undefined, decoded?: Doc): void {
    const beside = this.#beside
    if (beside === undefined) return
    if (before !== undefined) beside.remove(keysIn(beside, before, undefined), before)
    if (after !== undefined) beside.add(keysIn(beside, after, decoded), after)
  }

  *from(values: KeyValues | undefined): Generator<IndexEntry> {
    yield* this.#merged(this.base.from(values), this.beside().from(values), 1)
  }

  *backwards(): Generator<IndexEntry> {
    yield* this.#merged(this.base.backwards(), this.beside().backwards(), -1)
  }

  *#merged(committed: Generator<IndexEntry>, beside: Generator<IndexEntry>, direction: 1 | -1): Generator<IndexEntry> {
    let other = beside.next()
    for (const entry of committed) {
      if (this.#differences.isDifferent(entry.recordKey)) continue
      while (other.done !== true && this.#order(other.value, entry) * direction < 0) {
        yield other.value
        other = beside.next()
      }
      yield entry
    }
    while (other.done !== true) {
      yield other.value
      other = beside.next()
    }
  }

  #order(a: IndexEntry, b: IndexEntry): number {
    return this.base.compareKeys(a.values, b.values) || a.sequence - b.sequence
  }

  compareKeys(a: KeyValues, b: KeyValues): number {
    return this.base.compareKeys(a, b)
  }

  comparePrefix(entry: IndexEntry, bound: KeyValues): number {
    return this.base.comparePrefix(entry, bound)
  }
}

/** The record knows its `_id`: only the keys of other indexes need the document. */
const keysIn = (index: IndexTree, record: StoredRecord, decoded: Doc | undefined): readonly KeyValues[] =>
  index.name === ID_INDEX ? [[record.id]] : index.keysOf(decoded ?? documentOf(record))

/** Entries of `index` that have one of `keys`, of other records than `own`. */
export function* entriesWith(
  index: Pick<IndexReader, 'from' | 'compareKeys'>,
  keys: readonly KeyValues[],
  own: string,
): Generator<IndexEntry> {
  for (const values of keys) {
    for (const entry of index.from(values)) {
      if (index.compareKeys(entry.values, values) !== 0) break
      if (entry.recordKey !== own) yield entry
    }
  }
}
