import type { Timestamp } from 'bson'
import { Doc, doc, Double, encode } from '@stage0/bson-schema'
import type { Call, RawReply } from '../commands/call.ts'
import { arrayBytes, arrayElementSize, elementHead, inner, writeArray, writeHead, writeInt32 } from '../raw/build.ts'
import { sessionOf } from '../sessions/session-key.ts'
import { MAX_DOCUMENT_BYTES } from '../wire/limits.ts'
import type { Steps } from '../commands/steps.ts'
import { TURN, type Turn } from '../evaluate/turn.ts'
import { pausing } from './pausing.ts'
import { readTime } from './read-time.ts'
import { BatchSource } from './cursor-store.ts'
import type { RecordSource } from './record-source.ts'

/** First batch where the client names no size. Source: the manual, cursor batches. */
export const DEFAULT_FIRST_BATCH = 101

/** Up to `limit` documents, at most 16 MB together; `limit` 0 is an empty batch, absent means as many as fit. Turns are passed on. */
export function* takeBatch(documents: BatchSource, limit: number | undefined): Generator<Turn, readonly Uint8Array[]> {
  const batch: Uint8Array[] = []
  let bytes = 0
  while (limit === undefined || batch.length < limit) {
    const next = documents.nextOrTurn()
    if (next === undefined) break
    if (next === TURN) {
      yield TURN
      continue
    }
    const size = arrayElementSize(batch.length, next.length)
    if (batch.length > 0 && bytes + size > MAX_DOCUMENT_BYTES) {
      documents.putBack(next)
      break
    }
    bytes += size
    batch.push(next)
  }
  return batch
}

/** As `takeBatch`, without a turn for others. */
export function takeAtOnce(documents: BatchSource, limit: number | undefined): readonly Uint8Array[] {
  const batch = takeBatch(documents, limit)
  for (;;) {
    const step = batch.next()
    if (step.done === true) return step.value
  }
}

/** `{cursor: {firstBatch | nextBatch, id, ns}, ok: 1}` with the raw documents as they are stored. */
export function cursorReply(
  kind: 'firstBatch' | 'nextBatch',
  namespace: string,
  id: bigint,
  batch: readonly Uint8Array[],
  atClusterTime?: Timestamp,
): RawReply {
  const cursor = new Doc(['id', 'ns'], [id, namespace])
  const rest = inner(encode(atClusterTime === undefined ? cursor : cursor.with('atClusterTime', atClusterTime)))
  const batchBytes = arrayBytes(batch)
  const cursorBytes = EMPTY_DOCUMENT_BYTES + elementHead(kind) + batchBytes + rest.length
  return {
    bytes: elementHead('cursor') + cursorBytes + OK.length,
    write: (into, start) => {
      let at = writeHead(into, start, TYPE_DOCUMENT, 'cursor')
      writeInt32(into, at, cursorBytes)
      at = writeHead(into, at + 4, TYPE_ARRAY, kind)
      at = writeArray(into, at, batch, batchBytes)
      into.set(rest, at)
      at += rest.length
      into[at++] = 0
      into.set(OK, at)
      return at + OK.length
    },
  }
}

const TYPE_DOCUMENT = 0x03
const TYPE_ARRAY = 0x04
const EMPTY_DOCUMENT_BYTES = 5
const OK = inner(encode(doc({ ok: new Double(1) })))

export interface CursorOptions {
  readonly namespace: string
  readonly batchSize: number | undefined
  /** Nothing is kept after the first batch. */
  readonly singleBatch: boolean
}

/** The first reply of a cursor; what is left over stays open as a snapshot. */
export function* openCursor(
  call: Call,
  documents: Iterable<Uint8Array | Turn>,
  source: RecordSource | undefined,
  options: CursorOptions,
): Steps<RawReply> {
  const time = readTime(call)
  const batches = new BatchSource(documents, source)
  const batch = yield* pausing(takeBatch(batches, options.batchSize ?? DEFAULT_FIRST_BATCH))
  if (options.singleBatch) {
    batches.close()
    return cursorReply('firstBatch', options.namespace, 0n, batch, time)
  }
  // An empty batch promises a cursor without looking; otherwise one more document tells whether there is anything left.
  const [more] = options.batchSize === 0 ? [] : yield* pausing(takeBatch(batches, 1))
  if (options.batchSize !== 0 && more === undefined)
    return cursorReply('firstBatch', options.namespace, 0n, batch, time)
  if (more !== undefined) batches.putBack(more)
  const cursor = {
    namespace: options.namespace,
    user: call.connection.auth.user?.name,
    session: sessionOf(call),
    transaction: call.transaction,
    documents: batches,
    operation: call.operation,
    idleSince: performance.now(),
  }
  const id = call.server.cursors.open(cursor, call.server.clock().getTime())
  return cursorReply('firstBatch', options.namespace, id, batch, time)
}
