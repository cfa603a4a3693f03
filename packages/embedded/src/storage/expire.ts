import type { Catalog } from './catalog.ts'
import type { Collection } from './collection.ts'
import type { RecordKey } from './record.ts'
import type { WriteUnit } from './write-unit.ts'

const MILLISECONDS_PER_SECOND = 1_000

/** Removes the documents whose date in a TTL index is old enough; of several dates the earliest counts. Returns their number. */
export function expireDocuments(catalog: Catalog, now: Date, unit: WriteUnit): number {
  let removed = 0
  for (const database of catalog.databases()) {
    for (const collection of catalog.collections(database)) removed += expireIn(collection, now, unit)
  }
  return removed
}

function expireIn(collection: Collection, now: Date, unit: WriteUnit): number {
  let removed = 0
  for (const index of collection.indexes.values()) {
    const { expireAfterSeconds } = index.spec
    if (expireAfterSeconds === undefined) continue
    const limit = now.getTime() - expireAfterSeconds * MILLISECONDS_PER_SECOND
    const old = new Set<RecordKey>()
    for (const { values, recordKey } of index.from(undefined)) {
      const [date] = values
      if (date instanceof Date && date.getTime() <= limit) old.add(recordKey)
    }
    for (const key of old) {
      const record = collection.byKey(key)
      // What a transaction has written is left to the next time.
      if (record === undefined || !unit.isFree(collection, record)) continue
      unit.remove(collection, record)
      removed++
    }
  }
  return removed
}
