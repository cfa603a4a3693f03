import type { Collection } from '../storage/collection.ts'
import { IndexTree } from '../storage/index-tree.ts'
import type { StoredRecord } from '../storage/record.ts'

/** Gives a collection that is not in the catalog yet the indexes and documents of another one. Room is given back on failure. */
export function copyInto(target: Collection, indexes: Iterable<IndexTree>, records: Iterable<StoredRecord>): void {
  try {
    for (const index of indexes) target.addIndex(new IndexTree(index.spec))
    for (const { raw, id } of records) target.insert(raw, id)
  } catch (error) {
    target.release()
    throw error
  }
}
