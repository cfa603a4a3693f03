import { doc } from '@stage0/bson-schema'
import { IndexTree } from './index-tree.ts'
import type { CollectionOptions } from './collection.ts'
import type { StoredRecord } from './record.ts'

/** No other index may have this name. */
export const ID_INDEX = '_id_'

/** The ordered form of the index on `_id`, with the default collation of the collection. */
export function buildIdIndex(options: CollectionOptions, records: Iterable<StoredRecord>): IndexTree {
  const key = doc({ _id: 1 })
  const { collation, collationSpec } = options
  const index = new IndexTree({
    name: ID_INDEX,
    key,
    kind: 'btree',
    unique: true,
    sparse: false,
    hidden: false,
    prepareUnique: false,
    partial: undefined,
    collation:
      collation === undefined || collationSpec === undefined ? undefined : { spec: collationSpec, compare: collation },
    expireAfterSeconds: undefined,
    spec: doc({ v: 2, key, name: ID_INDEX }),
  })
  index.fill(records, ({ id }) => [[id]])
  return index
}
