import type { Doc } from '@stage0/bson-schema'
import { ID_INDEX } from '../storage/id-index.ts'
import type { IndexSpec } from '../storage/index-spec.ts'
import type { KeyValues } from '../storage/index-keys.ts'
import { IndexTree, type IndexEntry } from '../storage/index-tree.ts'
import type { IndexReader } from '../storage/readers.ts'
import { documentOf, type RecordKey, type StoredRecord } from '../storage/record.ts'

/** What an overlay must know of the documents that differ from the committed ones. */
export interface Differences {
  isAny(): boolean
  isDifferent(key: RecordKey): boolean
  /** The documents that differ, as the transaction sees them; those that it does not see are left out. */
  different(): Iterable<StoredRecord>
  /** From now on `index` is told of each change. */
  inform(index: OverlayIndex): void
}

/**
 * An index as a transaction sees it: the committed one without the documents that differ, and beside it a small one of those.
 * The small one is made when somebody looks.
 */
export class OverlayIndex implements IndexReader {
  readonly base: IndexTree
  readonly #differences: Differences
  #beside: IndexTree | undefined
  /** Changes that the small index does not show yet. */
  readonly #late: { readonly before: StoredRecord | undefined; readonly after: StoredRecord | undefined }[] = []

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
      for (const record of this.#differences.different()) beside.add(keysIn(beside, record), record)
      this.#beside = beside
      this.#differences.inform(this)
    }
    for (const { before, after } of this.#late.splice(0)) put(this.#beside, before, after)
    return this.#beside
  }

  /**
   * A document has another state: `before` is the one that the small index holds, if any. Told once it is informed. What the
   * record tells by itself is put into it when somebody looks: most transactions end before.
   */
  changed(before: StoredRecord | undefined, after: StoredRecord | undefined, decoded?: Doc): void {
    if (this.#beside === undefined) return
    if (this.base.name === ID_INDEX) this.#late.push({ before, after })
    else put(this.#beside, before, after, decoded)
  }

  from(values: KeyValues | undefined): Iterable<IndexEntry> {
    const beside = this.#besideIfAny()
    return beside === undefined ? this.base.from(values) : this.#merged(this.base.from(values), beside.from(values), 1)
  }

  backwards(): Iterable<IndexEntry> {
    const beside = this.#besideIfAny()
    return beside === undefined ? this.base.backwards() : this.#merged(this.base.backwards(), beside.backwards(), -1)
  }

  /** Where nothing differs, the committed index is what the transaction sees. */
  #besideIfAny(): IndexTree | undefined {
    return this.#differences.isAny() ? this.beside() : undefined
  }

  *#merged(committed: Iterable<IndexEntry>, beside: Iterator<IndexEntry>, direction: 1 | -1): Generator<IndexEntry> {
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
const keysIn = (index: IndexTree, record: StoredRecord, decoded?: Doc): readonly KeyValues[] =>
  index.name === ID_INDEX ? [[record.id]] : index.keysOf(decoded ?? documentOf(record))

function put(index: IndexTree, before: StoredRecord | undefined, after: StoredRecord | undefined, decoded?: Doc): void {
  if (before !== undefined) index.remove(keysIn(index, before), before)
  if (after !== undefined) index.add(keysIn(index, after, decoded), after)
}

/** Entries of `index` that have one of `keys`, of other records than `own`. */
export function* entriesWith(
  index: Pick<IndexReader, 'from' | 'compareKeys'>,
  keys: readonly KeyValues[],
  own: RecordKey,
): Generator<IndexEntry> {
  for (const values of keys) {
    for (const entry of index.from(values)) {
      if (index.compareKeys(entry.values, values) !== 0) break
      if (entry.recordKey !== own) yield entry
    }
  }
}
