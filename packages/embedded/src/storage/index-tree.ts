import { compareValues, type Doc, type Value } from '@stage0/bson-schema'
import sortedBtree from 'sorted-btree'
import { bulkLoad } from 'sorted-btree/extended/bulkLoad.js'
import { indexKeys, type IndexKeys, type KeyValues } from './index-keys.ts'
import type { IndexSpec } from './index-spec.ts'
import type { IndexReader } from './readers.ts'
import type { RecordKey, StoredRecord } from './record.ts'

// The package is CommonJS: under ECMAScript modules its default export is one level deeper than its types say.
const BTree = ((sortedBtree as unknown as { default?: typeof sortedBtree.default }).default ??
  sortedBtree) as typeof sortedBtree.default

/** Keys of one node: what the package takes by itself for a tree that grows. */
const NODE_KEYS = 32

export interface IndexEntry {
  readonly values: KeyValues
  /** Of the record; `-Infinity` and `Infinity` stand before and after all records with these values. */
  readonly sequence: number
  readonly recordKey: RecordKey
}

/** One index of one collection: a B+ tree over typed values in canonical order, with the record's sequence as the last part. */
export class IndexTree implements IndexReader {
  spec: IndexSpec
  /** Some document has, or had, several keys. */
  multikey = false
  readonly #paths: readonly (readonly string[])[]
  /** In a filter `a.0` is a position or a field name, in a key only one of them: such an index only keeps documents unique. */
  readonly #hasPositions: boolean
  #tree: InstanceType<typeof BTree<IndexEntry, undefined>>
  readonly #compareValue: (a: KeyValues, b: KeyValues) => number
  readonly #compareEntry: (a: IndexEntry, b: IndexEntry) => number

  constructor(spec: IndexSpec) {
    this.spec = spec
    this.#paths = spec.key.keys.map((path) => path.split('.'))
    this.#hasPositions = this.#paths.some((path) => path.some((segment) => /^\d+$/.test(segment)))
    const directions = spec.key.values.map((value) => (Number(value) < 0 ? -1 : 1))
    const options = { stringCompare: spec.collation?.compare }
    this.#compareValue = (a, b) => {
      const length = Math.min(a.length, b.length)
      for (let i = 0; i < length; i++) {
        const x = a[i] as Value
        const y = b[i] as Value
        // Plain numbers are the most frequent keys, and looked at often; NaN is neither less nor greater.
        const isLess = typeof x === 'number' && typeof y === 'number' && x < y
        const isGreater = typeof x === 'number' && typeof y === 'number' && x > y
        const result = isLess ? -1 : isGreater ? 1 : compareValues(x, y, options)
        if (result !== 0) return result * (directions[i] as number)
      }
      return 0
    }
    this.#compareEntry = (a, b) => this.#compareValue(a.values, b.values) || Math.sign(a.sequence - b.sequence) || 0
    this.#tree = new BTree<IndexEntry, undefined>(undefined, this.#compareEntry, NODE_KEYS)
  }

  get name(): string {
    return this.spec.name
  }

  get size(): number {
    return this.#tree.size
  }

  /** Whether queries may be answered from it. */
  get usable(): boolean {
    return this.spec.kind === 'btree' && !this.spec.hidden && !this.#hasPositions
  }

  /** The keys of `document`; none where a sparse or partial index leaves it out. Throws 171. */
  keysOf(document: Doc): readonly KeyValues[] {
    if (this.spec.kind !== 'btree') return []
    if (this.spec.partial !== undefined && !this.spec.partial.filter(document)) return []
    const found = indexKeys(document, this.#paths)
    if (this.spec.sparse && found.allMissing) return []
    if (found.multikey) this.multikey = true
    return found.keys.length > 1 ? this.#distinct(found) : found.keys
  }

  #distinct({ keys }: IndexKeys): readonly KeyValues[] {
    const sorted = [...keys].sort(this.#compareValue)
    return sorted.filter((key, i) => i === 0 || this.#compareValue(sorted[i - 1] as KeyValues, key) !== 0)
  }

  /** The first of `keys` that another record has already, in a unique index. */
  conflict(keys: readonly KeyValues[], own: StoredRecord | undefined): KeyValues | undefined {
    if (!this.spec.unique && !this.spec.prepareUnique) return undefined
    return keys.find((values) => {
      for (const entry of this.from(values)) {
        if (this.#compareValue(entry.values, values) !== 0) return false
        if (entry.recordKey !== own?.key) return true
      }
      return false
    })
  }

  /** Makes the index of these documents, whatever it held before: several times faster than to add one after the other. Throws 171. */
  fill(records: Iterable<StoredRecord>, keysOf: (record: StoredRecord) => readonly KeyValues[]): void {
    const entries: IndexEntry[] = []
    for (const record of records)
      for (const values of keysOf(record)) entries.push({ values, sequence: record.sequence, recordKey: record.key })
    entries.sort(this.#compareEntry)
    const nothing = new Array<undefined>(entries.length).fill(undefined)
    this.#tree = bulkLoad(entries, nothing, NODE_KEYS, this.#compareEntry)
  }

  add(keys: readonly KeyValues[], record: StoredRecord): void {
    for (const values of keys) this.#tree.set({ values, sequence: record.sequence, recordKey: record.key }, undefined)
  }

  remove(keys: readonly KeyValues[], record: StoredRecord): void {
    for (const values of keys) this.#tree.delete({ values, sequence: record.sequence, recordKey: record.key })
  }

  /** Entries in index order from `values` (which may be a prefix of the fields) on; without it all. */
  from(values: KeyValues | undefined): IterableIterator<IndexEntry> {
    return this.#tree.keys(values === undefined ? undefined : { values, sequence: -Infinity, recordKey: '' })
  }

  /** All entries, the last one first. */
  *backwards(): Generator<IndexEntry> {
    for (const [entry] of this.#tree.entriesReversed()) yield entry
  }

  /** Which of two keys comes first in the index. */
  compareKeys(a: KeyValues, b: KeyValues): number {
    return this.#compareValue(a, b)
  }

  /** Compares an entry with the leading values of a bound, by the directions of the index. */
  comparePrefix(entry: IndexEntry, bound: KeyValues): number {
    return this.#compareValue(entry.values, bound)
  }

  /** Two neighbours with equal values: the proof that the index cannot be made unique. */
  duplicate(): readonly [IndexEntry, IndexEntry] | undefined {
    let previous: IndexEntry | undefined
    for (const entry of this.from(undefined)) {
      if (
        previous !== undefined &&
        previous.recordKey !== entry.recordKey &&
        this.#compareValue(previous.values, entry.values) === 0
      ) {
        return [previous, entry]
      }
      previous = entry
    }
    return undefined
  }
}
