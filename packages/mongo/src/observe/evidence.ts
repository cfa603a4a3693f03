import { type Doc } from '@stage0/bson-schema'
import type { CountQuery, DuplicatesQuery, Duplicates, EvidencePort, ExpiredQuery, FailingQuery } from '@stage0/engine'
import { duplicateStages, stillToMigrate } from '@stage0/core'
import type { CollectionSize } from '@stage0/types'
import { MongoServerError, type CollationOptions, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriverDocument } from '../driver-values.ts'
import { docAt, docsAt, numberAt } from './fields.ts'

/** Failing documents per answer of the server: few enough that taking them apart does not hold up others for long. */
const BATCH_DOCUMENTS = 500
/** The server ends a query by itself; only where it does not, the client stops waiting after this. */
const GRACE_MS = 2_000
/** Source: server error codes. */
const MAX_TIME_EXPIRED = 50

export const createEvidence = (connection: Connection): EvidencePort => ({
  size: (...args) => size(connection, ...args),
  count: (query) => count(connection, query),
  findFailing: (query) => findFailing(connection, query),
  findDuplicates: (query) => findDuplicates(connection, query),
  countExpired: (query) => countExpired(connection, query),
})

/** Statistics of the server. Errors: TARGET_NOT_PERMITTED, and those of the connection. */
const size: (connection: Connection, ...args: Parameters<EvidencePort['size']>) => ReturnType<EvidencePort['size']> = (
  { db, attempt },
  collection,
  signal,
) =>
  attempt(`read the statistics of collection "${collection}"`, async (): Promise<CollectionSize | undefined> => {
    const cursor = db
      .collection(collection)
      .aggregate([{ $collStats: { storageStats: {} } }], { ...AS_BYTES, ...(signal && { signal }) })
    const sum = { documents: 0, bytes: 0, storage_bytes: 0, index_bytes: 0 }
    let parts = 0
    // On a sharded cluster each shard answers for itself.
    for await (const bytes of cursor) {
      const stats = docAt(readDocument(bytes), 'storageStats')
      parts += 1
      sum.documents += numberAt(stats, 'count') ?? 0
      sum.bytes += numberAt(stats, 'size') ?? 0
      sum.storage_bytes += numberAt(stats, 'storageSize') ?? 0
      sum.index_bytes += numberAt(stats, 'totalIndexSize') ?? 0
    }
    return parts === 0 ? undefined : sum
  })

/** The count of the collection's metadata where it is reliable, else one by one over the index on `_id`. */
function count({ db, attempt }: Connection, query: CountQuery): ReturnType<EvidencePort['count']> {
  const { collection, upTo, isSharded } = query
  return attempt(`count the documents of collection "${collection}"`, () =>
    unlessLate(query, async ({ maxTimeMS, signal }) => {
      const options = { maxTimeMS, signal }
      if (isSharded) return db.collection(collection).countDocuments({}, { ...options, hint: '_id_', limit: upTo })
      return Math.min(upTo, await db.collection(collection).estimatedDocumentCount(options))
    }),
  )
}

/** Streams the documents that do not match. The server looks at each document once; those that match are never sent. */
function findFailing(connection: Connection, query: FailingQuery): ReturnType<EvidencePort['findFailing']> {
  const { db, attempt } = connection
  return attempt(`look for documents of collection "${query.collection}" that would fail the validator`, () =>
    unlessLate(query, async (options) => {
      const failing = { $match: { $nor: [{ $jsonSchema: toDriverDocument(query.schema) }] } }
      const pipeline = [...firstStages(query), failing]
      const cursor = db.collection(query.collection).aggregate(pipeline, { ...options, batchSize: BATCH_DOCUMENTS })
      for await (const bytes of cursor) query.onDocument(readDocument(bytes))
      return 'end' as const
    }),
  )
}

/** Groups by the keys that the index would hold. Sorting and spilling to disk is the server's affair. */
function findDuplicates(connection: Connection, query: DuplicatesQuery): ReturnType<EvidencePort['findDuplicates']> {
  const { db, attempt } = connection
  const { collation } = query.keys
  return attempt(`look for duplicates in collection "${query.collection}"`, () =>
    unlessLate(query, async (options) => {
      const groups = duplicateStages(query.keys).map((stage) => toDriverDocument(stage))
      const counted = { $group: { _id: null, keys: { $sum: 1 }, documents: { $sum: '$n' } } }
      // A facet may not be empty, and a limit not be 0.
      const samples = [{ $sort: { n: -1, _id: 1 } }, { $limit: Math.max(1, query.samples) }]
      const pipeline = [...firstStages(query), ...groups, { $facet: { counted: [counted], samples } }]
      const cursor = db.collection(query.collection).aggregate(pipeline, {
        ...options,
        allowDiskUse: true,
        ...(collation.size > 0 && { collation: collationOf(collation) }),
      })
      for await (const bytes of cursor) return duplicatesOf(readDocument(bytes), query.samples)
      return { keys: 0, documents: 0, samples: [] }
    }),
  )
}

/**
 * Counts by the entries that the index would have: a comparison with a date finds dates alone, in an array any of them. The clock is
 * the server's, which does the deleting. Source: manual, TTL indexes.
 */
function countExpired(connection: Connection, query: ExpiredQuery): ReturnType<EvidencePort['countExpired']> {
  const { db, attempt } = connection
  const { path, seconds, partialFilter, collation } = query
  return attempt(`look for documents of collection "${query.collection}" that would be deleted`, () =>
    unlessLate(query, async (options) => {
      const { localTime } = await db.command({ hello: 1 }, { signal: options.signal })
      const latest = new Date((localTime as Date).getTime() - seconds * 1000)
      const pipeline = [
        ...firstStages(query),
        ...(partialFilter.size === 0 ? [] : [{ $match: toDriverDocument(partialFilter) }]),
        { $match: { [path]: { $lte: latest } } },
        { $count: 'documents' },
      ]
      const cursor = db
        .collection(query.collection)
        .aggregate(pipeline, { ...options, ...(collation.size > 0 && { collation: collationOf(collation) }) })
      for await (const bytes of cursor) return numberAt(readDocument(bytes), 'documents') ?? 0
      return 0
    }),
  )
}

type Query = FailingQuery | DuplicatesQuery | ExpiredQuery

function firstStages({ collection, limit, resumed, stages }: Query): Document[] {
  const first = limit === undefined ? [] : [{ $limit: limit }]
  const after = stages.map((stage) => toDriverDocument(stage))
  if (resumed === undefined) return [...first, ...after]
  // Of the documents that are done so many, then of the others what the limit leaves.
  const due = toDriverDocument(stillToMigrate(resumed))
  const pipeline = [{ $match: due }, ...first, ...resumed.stages.map((stage) => toDriverDocument(stage))]
  return [{ $match: { $nor: [due] } }, ...first, { $unionWith: { coll: collection, pipeline } }, ...first, ...after]
}

const collationOf = (collation: Doc): CollationOptions =>
  Object.fromEntries(toDriverDocument(collation) as Map<string, unknown>) as unknown as CollationOptions

function duplicatesOf(found: Doc, samples: number): Duplicates {
  const [counted] = docsAt(found, 'counted')
  return {
    keys: (counted && numberAt(counted, 'keys')) ?? 0,
    documents: (counted && numberAt(counted, 'documents')) ?? 0,
    samples: docsAt(found, 'samples')
      .slice(0, samples)
      .map((one) => ({
        values: [one.get('_id') ?? []].flat() as Duplicates['samples'][number]['values'],
        documents: numberAt(one, 'n') ?? 0,
        ids: [one.get('least') ?? null, one.get('greatest') ?? null],
      })),
  }
}

/** Runs a query with its bound of time; a query that meets it is no failure. */
async function unlessLate<T>(
  { maxMs, signal }: CountQuery | Query,
  work: (options: { readonly raw: true; readonly maxTimeMS: number; readonly signal: AbortSignal }) => Promise<T>,
): Promise<T | 'time'> {
  const late = AbortSignal.timeout(maxMs + GRACE_MS)
  const either = signal === undefined ? late : AbortSignal.any([signal, late])
  try {
    return await work({ ...AS_BYTES, maxTimeMS: maxMs, signal: either })
  } catch (cause) {
    if (signal?.aborted !== true && (late.aborted || isLate(cause))) return 'time'
    throw cause
  }
}

const isLate = (cause: unknown): boolean => cause instanceof MongoServerError && cause.code === MAX_TIME_EXPIRED
