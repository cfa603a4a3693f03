import { Doc, docOf, documentSize, encode, type Value } from '@stage0/bson-schema'
import type { TargetResult } from '@stage0/engine'
import { EJSON } from 'bson'
import type { Db } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriver, toDriverDocument } from '../driver-values.ts'
import { fail } from '../errors/target-error.ts'
import { MAJORITY, runCommand } from './run-command.ts'

/** Ids per `$in`, and documents per insert: the answer and the command stay far below the 16 MiB of one message. */
const BATCH_DOCUMENTS = 500
const BATCH_BYTES = 8 * 1024 * 1024

/** The stored documents with these `_id`s, with types and key order as stored. */
export async function findByIds(
  { db, attempt }: Connection,
  collection: string,
  ids: readonly Value[],
  signal?: AbortSignal,
): TargetResult<readonly Doc[]> {
  return attempt(`look up documents of collection "${collection}"`, () => readByIds(db, collection, ids, signal))
}

async function readByIds(db: Db, collection: string, ids: readonly Value[], signal?: AbortSignal): Promise<Doc[]> {
  const found: Doc[] = []
  for (let from = 0; from < ids.length; from += BATCH_DOCUMENTS) {
    const batch = ids.slice(from, from + BATCH_DOCUMENTS).map((id) => toDriver(id, '_id'))
    const cursor = db
      .collection(collection)
      .find({ _id: { $in: batch as never[] } }, { ...AS_BYTES, ...aborted(signal) })
    for await (const bytes of cursor) found.push(readDocument(bytes))
  }
  return found
}

export interface InsertOptions {
  readonly signal: AbortSignal
  /** Called after each batch with the number of documents that are there so far. */
  readonly onProgress: (done: number) => void
}

/**
 * Inserts documents in batches, in their order. An identical one under its `_id` counts as `already`, so a load that was cut
 * off is simply repeated. Each document must have an `_id`.
 *
 * Errors: TEST_DATA_CONFLICT (another document has the `_id`), DUPLICATE_KEY, DOCUMENT_INVALID, and those of the connection.
 */
export async function insertDocuments(
  { db, attempt }: Connection,
  collection: string,
  documents: readonly Doc[],
  { signal, onProgress }: InsertOptions,
): TargetResult<{ readonly inserted: number; readonly already: number }> {
  return attempt(`insert documents into collection "${collection}"`, async () => {
    let inserted = 0
    let done = 0
    for (const batch of batches(documents.map(idFirst))) {
      signal.throwIfAborted()
      const missing = await missingOf(db, collection, batch, signal)
      if (missing.length > 0) {
        signal.throwIfAborted()
        const command = { insert: collection, documents: missing.map((document) => toDriverDocument(document)) }
        await runCommand(db, { ...command, ordered: true, writeConcern: MAJORITY })
      }
      inserted += missing.length
      done += batch.length
      onProgress(done)
    }
    return { inserted, already: done - inserted }
  })
}

/** Those that are not there yet; fails with TEST_DATA_CONFLICT where another document has the `_id`. */
async function missingOf(db: Db, collection: string, batch: readonly Doc[], signal: AbortSignal): Promise<Doc[]> {
  const stored = new Map<string, Doc>()
  for (const document of await readByIds(db, collection, batch.map(idOf), signal)) stored.set(idKey(document), document)
  return batch.filter((document) => {
    const there = stored.get(idKey(document))
    if (there === undefined) return true
    if (Buffer.compare(encode(there), encode(document)) === 0) return false
    const id = EJSON.stringify(toDriver(idOf(document)))
    const message = `Collection "${collection}" holds another document with _id ${id} than the test data.`
    return fail('refused', 'TEST_DATA_CONFLICT', message, { detail: { collection, id } })
  })
}

function* batches(documents: readonly Doc[]): Generator<readonly Doc[]> {
  let batch: Doc[] = []
  let bytes = 0
  for (const document of documents) {
    const size = documentSize(document)
    if (batch.length > 0 && (batch.length >= BATCH_DOCUMENTS || bytes + size > BATCH_BYTES)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(document)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

/** The server stores `_id` first, wherever it stood: so do we before we compare. */
function idFirst(document: Doc): Doc {
  if (document.keys[0] === '_id') return document
  return docOf([['_id', idOf(document)], ...document.without('_id').entries()])
}

function idOf(document: Doc): Value {
  const id = document.get('_id')
  if (id === undefined) throw new TypeError('a document to insert has no _id: the caller gives it one')
  return id
}

/** Exact, type included: 1 and 1.0 collide on the server, which then says so itself with a duplicate key. */
const idKey = (document: Doc): string => Buffer.from(encode(new Doc(['_id'], [idOf(document)]))).toString('latin1')

const aborted = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal ? { signal } : {})
