import { doc, docOf, type Doc } from '@stage0/bson-schema'
import type { CollectionReader } from '../storage/readers.ts'

/** A rough figure, for clients that show one: keys in a tree take about this much. */
const BYTES_PER_INDEX_ENTRY = 64

const indexBytes = (collection: CollectionReader): readonly (readonly [string, number])[] => [
  ['_id_', collection.size * BYTES_PER_INDEX_ENTRY],
  ...[...collection.indexes.values()].map((index) => [index.name, index.size * BYTES_PER_INDEX_ENTRY] as const),
]

/** The numbers of `collStats`, sizes divided by `scale`. */
export function collectionStats(collection: CollectionReader, scale: number): Doc {
  const sizes = indexBytes(collection).map(([name, bytes]) => [name, Math.floor(bytes / scale)] as const)
  return doc({
    ns: collection.namespace,
    size: Math.floor(collection.bytes / scale),
    count: collection.size,
    avgObjSize: collection.size === 0 ? undefined : Math.floor(collection.bytes / collection.size),
    numOrphanDocs: 0,
    storageSize: Math.floor(collection.bytes / scale),
    capped: false,
    nindexes: sizes.length,
    indexBuilds: [],
    totalIndexSize: sizes.reduce((sum, [, bytes]) => sum + bytes, 0),
    totalSize: Math.floor(collection.bytes / scale) + sizes.reduce((sum, [, bytes]) => sum + bytes, 0),
    indexSizes: docOf(sizes),
    scaleFactor: scale,
  })
}

/** The numbers of `dbStats`. */
export function databaseStats(database: string, collections: readonly CollectionReader[], scale: number): Doc {
  const sum = (of: (collection: CollectionReader) => number): number =>
    collections.reduce((total, each) => total + of(each), 0)
  const bytes = Math.floor(sum((each) => each.bytes) / scale)
  const objects = sum((each) => each.size)
  const indexes = Math.floor(sum((each) => indexBytes(each).reduce((total, [, size]) => total + size, 0)) / scale)
  return doc({
    db: database,
    collections: BigInt(collections.length),
    views: 0n,
    objects: BigInt(objects),
    avgObjSize: objects === 0 ? 0 : sum((each) => each.bytes) / objects,
    dataSize: bytes,
    storageSize: bytes,
    indexes: BigInt(sum((each) => each.indexes.size + 1)),
    indexSize: indexes,
    totalSize: bytes + indexes,
    scaleFactor: BigInt(scale),
  })
}
