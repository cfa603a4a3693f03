import { compareValues, Doc, encode, type Value } from '@stage0/bson-schema'
import type { MigrationCheckpoint } from '@stage0/core'
import type { Range, RangePort, TargetResult } from '@stage0/engine'
import { err } from '@stage0/types'
import { MongoError, type ClientSession, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriver } from '../driver-values.ts'
import { fail } from '../errors/target-error.ts'
import { RUNS } from '../records/names.ts'
import { toCheckpoint, toCheckpointDocument } from '../records/journal-entry.ts'
import { docAt } from '../observe/fields.ts'
import { toStage } from './pipelines.ts'
import { runCommand } from './run-command.ts'

/** Every collection has it; by its name, since another index may have the same key under another collation. */
const ID_INDEX = '_id_'
/** `_id`s of one range: the command that names them stays far below the 16 MiB of a message. */
const IDS_BYTES = 4 * 1024 * 1024
/** Attempts to hear how a commit ended, before the checkpoint is asked. */
const COMMITS = 3

const TRANSACTION = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
} as const

/** Ranges of a collection, with a session of their own for their transactions. Needs a replica set or a sharded cluster. */
export async function openRanges(
  connection: Connection,
  collection: string,
  signal: AbortSignal,
): TargetResult<RangePort> {
  const { db, attempt } = connection
  return attempt('begin a session', async () => {
    const session = db.client.startSession({ causalConsistency: false })
    const id = session.id
    if (id === undefined) throw new TypeError('the session has no id')
    return {
      session: Buffer.from(id.id.buffer).toString('hex'),
      bounds: () => boundsOf(connection, collection, signal),
      next: (after, upTo, limit) => nextIds(connection, { collection, signal }, after, upTo, limit),
      apply: (range) => applyRange(connection, session, collection, range, signal),
      close: () => session.endSession(),
    }
  })
}

/** What others wrote last counts, confirmed by a majority or not. */
const LATEST = { ...AS_BYTES, projection: { _id: 1 }, hint: ID_INDEX, readConcern: { level: 'local' } } as const

function boundsOf(
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

function nextIds(
  { db, attempt }: Connection,
  { collection, signal }: { readonly collection: string; readonly signal: AbortSignal },
  after: Value | undefined,
  upTo: Value,
  limit: number,
): TargetResult<readonly Value[]> {
  return attempt(`read on in collection "${collection}"`, async () => {
    if (after !== undefined && isSame(after, upTo)) return []
    const options = {
      ...LATEST,
      sort: { _id: 1 } as const,
      // Bounds of the index: unlike $gt they know no types. The lower one is part of the result, the upper one is not.
      ...(after !== undefined && { min: { _id: toDriver(after, '_id') } }),
      max: { _id: toDriver(upTo, '_id') },
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
      bytes += encode(new Doc(['_id'], [id])).length
      if (ids.length === limit || bytes >= IDS_BYTES) return ids
    }
    return [...ids, upTo]
  })
}

const idOf = (bytes: Document): Value => readDocument(bytes).get('_id') ?? null
/** Type included: the same value of another type is another document in its place. */
const isSame = (a: Value, b: Value): boolean =>
  Buffer.compare(encode(new Doc(['_id'], [a])), encode(new Doc(['_id'], [b]))) === 0

async function applyRange(
  connection: Connection,
  session: ClientSession,
  collection: string,
  range: Range,
  signal: AbortSignal,
): TargetResult<MigrationCheckpoint> {
  let mayRepeat = false
  const applied = await connection.attempt(`migrate documents of collection "${collection}"`, async () => {
    signal.throwIfAborted()
    try {
      return await inTransaction(session, () => changeAndCheck(connection, session, collection, range))
    } catch (cause) {
      // An attempt whose answer got lost may have taken effect: then this one met its own result.
      const stored = await readCheckpoint(connection, range).catch(() => undefined)
      if (stored !== undefined && stored.ranges > range.checkpoint.ranges) return stored
      mayRepeat = isTransient(cause)
      throw cause
    }
  })
  return applied.ok || !mayRepeat ? applied : err({ ...applied.error, transient: true })
}

const isTransient = (cause: unknown): boolean =>
  cause instanceof MongoError &&
  (cause.hasErrorLabel('TransientTransactionError') || cause.hasErrorLabel('UnknownTransactionCommitResult'))

async function inTransaction<T>(session: ClientSession, work: () => Promise<T>): Promise<T> {
  session.startTransaction(TRANSACTION)
  let result: T
  try {
    result = await work()
  } catch (cause) {
    // The server ends a transaction that it cannot be told about by itself.
    await session.abortTransaction().catch(() => {})
    throw cause
  }
  for (let attempts = 1; ; attempts += 1) {
    try {
      await session.commitTransaction()
      return result
    } catch (cause) {
      const isUnknown = cause instanceof MongoError && cause.hasErrorLabel('UnknownTransactionCommitResult')
      if (!isUnknown || attempts >= COMMITS) throw cause
    }
  }
}

/** The documents first: the journal, which others write to as well, is held for as short as possible. */
async function changeAndCheck(
  { db }: Connection,
  session: ClientSession,
  collection: string,
  range: Range,
): Promise<MigrationCheckpoint> {
  const { ids, pipeline, comment, runId, token, stepId, checkpoint } = range
  const q = { _id: { $in: ids.map((id) => toDriver(id, '_id')) } }
  const updates = [{ q, u: pipeline.map(toStage), multi: true }]
  const command = { update: collection, updates, bypassDocumentValidation: true, comment }
  const reply = await runCommand(db, command, { session })
  const next: MigrationCheckpoint = {
    ...checkpoint,
    last: ids.at(-1),
    ranges: checkpoint.ranges + 1,
    done: checkpoint.done + Number(reply['n']),
    modified: checkpoint.modified + Number(reply['nModified']),
  }
  const entry = { step_id: stepId, comment, state: 'intended', 'checkpoint.ranges': checkpoint.ranges }
  const filter = { _id: runId, token, journal: { $elemMatch: entry } }
  const update = { $set: { 'journal.$.checkpoint': toCheckpointDocument(next) } }
  const written = await db.collection<{ _id: string }>(RUNS).updateOne(filter, update as Document, { session })
  if (written.matchedCount > 0) return next
  return fail('lost-lock', 'LOCK_LOST', 'Another run has taken over: this one may not change any more documents.')
}

/** The checkpoint as it is in the run's own record, as long as the run is not fenced off. */
async function readCheckpoint(
  { db }: Connection,
  { runId, token, comment }: Range,
): Promise<MigrationCheckpoint | undefined> {
  const options = { ...AS_BYTES, projection: { 'journal.$': 1 }, limit: 1 }
  const filter = { _id: runId, token, journal: { $elemMatch: { comment, state: 'intended' } } }
  const [bytes] = await db
    .collection<{ _id: string }>(RUNS)
    .find(filter as Document, options)
    .toArray()
  const journal = bytes && readDocument(bytes).get('journal')
  const [entry] = Array.isArray(journal) ? (journal as readonly Value[]) : []
  return entry instanceof Doc ? toCheckpoint(docAt(entry, 'checkpoint')) : undefined
}
