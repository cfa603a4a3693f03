import { compareValues, Doc, Double, encode, isDecimal, sameBracket, typeName, type Value } from '@stage0/bson-schema'
import type { RangePort, Span, TargetResult } from '@stage0/engine'
import type { Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriver } from '../driver-values.ts'

/** Every collection has it; by its name, since another index may have the same key under another collation. */
const ID_INDEX = '_id_'
/** What others wrote last counts, confirmed by a majority or not. */
const LATEST = { ...AS_BYTES, projection: { _id: 1 }, hint: ID_INDEX, readConcern: { level: 'local' } } as const
/** `_id`s of one span: the command that names them stays far below the 16 MiB of a message. */
const IDS_BYTES = 4 * 1024 * 1024

/** What is gone through. */
interface Going {
  readonly collection: string
  readonly signal: AbortSignal
}

/** The last `_id` that there is, and how many documents there are by the metadata. */
export function boundsOf(
  { db, attempt }: Connection,
  collection: string,
  signal: AbortSignal,
): ReturnType<RangePort['bounds']> {
  return attempt(`look at the size of collection "${collection}"`, async () => {
    const [last] = await db
      .collection(collection)
      .find({}, { ...LATEST, sort: { _id: -1 }, limit: 1, signal })
      .toArray()
    const total = await db.collection(collection).estimatedDocumentCount()
    return { upTo: last && idOf(last), total }
  })
}

/** As `RangePort.next`. Between two values of one type only the end is read, else each `_id`. */
export function nextSpan(
  connection: Connection,
  going: Going,
  after: Value | undefined,
  upTo: Value,
  limit: number,
): TargetResult<Span | undefined> {
  return connection.attempt(`read on in collection "${going.collection}"`, async () => {
    if (after !== undefined && isSame(after, upTo)) return undefined
    if (after !== undefined && isComparable(after)) {
      const last = (await idAhead(connection, going, after, upTo, limit)) ?? upTo
      if (sameBracket(after, last)) return { after, last }
    }
    return { ids: await nextIds(connection, going, after, upTo, limit) }
  })
}

/** The documents of a span. A comparison sees values of one type only, which is why a span of several types names them. */
export const filterOf = (span: Span): Document =>
  'ids' in span
    ? { _id: { $in: span.ids.map((id) => toDriver(id, '_id')) } }
    : { _id: { $gt: toDriver(span.after, '_id'), $lte: toDriver(span.last, '_id') } }

/** Types whose values a comparison finds in the order of the index, all of them. */
const COMPARABLE: ReadonlySet<string> = new Set([
  'int',
  'long',
  'double',
  'decimal',
  'string',
  'objectId',
  'date',
  'binData',
])

/** NaN is in the index before all numbers, but no comparison says so. */
const isComparable = (value: Value): boolean => COMPARABLE.has(typeName(value)) && !isNotANumber(value)

function isNotANumber(value: Value): boolean {
  if (isDecimal(value)) return value.toString() === 'NaN'
  return Number.isNaN(value instanceof Double ? value.value : value)
}

/** The `_id` that stands `places` behind `after`, `undefined` where `upTo` comes before it. */
async function idAhead(
  { db }: Connection,
  { collection, signal }: Going,
  after: Value,
  upTo: Value,
  places: number,
): Promise<Value | undefined> {
  const options = { ...LATEST, ...boundsIn(after, upTo), sort: { _id: 1 } as const, skip: places, limit: 1, signal }
  const [found] = await db.collection(collection).find({}, options).toArray()
  return found && idOf(found)
}

async function nextIds(
  { db }: Connection,
  { collection, signal }: Going,
  after: Value | undefined,
  upTo: Value,
  limit: number,
): Promise<readonly Value[]> {
  const options = {
    ...LATEST,
    ...boundsIn(after, upTo),
    sort: { _id: 1 } as const,
    limit: limit + 1,
    batchSize: limit + 2,
    signal,
  }
  const ids: Value[] = []
  let bytes = 0
  for await (const found of db.collection(collection).find({}, options)) {
    const id = idOf(found)
    if (ids.length === 0 && after !== undefined && compareValues(id, after) === 0) continue
    ids.push(id)
    bytes += found['length'] as number
    if (ids.length === limit || bytes >= IDS_BYTES) return ids
  }
  return [...ids, upTo]
}

/** Bounds of the index: unlike $gt they know no types. The lower one is part of the result, the upper one is not. */
const boundsIn = (after: Value | undefined, upTo: Value) => ({
  ...(after !== undefined && { min: { _id: toDriver(after, '_id') } }),
  max: { _id: toDriver(upTo, '_id') },
})

const idOf = (bytes: Document): Value => readDocument(bytes).get('_id') ?? null
/** Type included: the same value of another type is another document in its place. */
const isSame = (a: Value, b: Value): boolean =>
  Buffer.compare(encode(new Doc(['_id'], [a])), encode(new Doc(['_id'], [b]))) === 0
