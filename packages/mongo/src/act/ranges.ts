import { Doc, type Value } from '@stage0/bson-schema'
import type { MigrationCheckpoint } from '@stage0/core'
import type { Range, RangePort, TargetResult } from '@stage0/engine'
import { err } from '@stage0/types'
import { MongoError, type ClientSession, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument } from '../driver-values.ts'
import { fail } from '../errors/target-error.ts'
import { RUNS } from '../records/names.ts'
import { toCheckpoint, toCheckpointDocument } from '../records/journal-entry.ts'
import { docAt } from '../observe/fields.ts'
import { toStage } from './pipelines.ts'
import { boundsOf, filterOf, nextSpan } from './range-spans.ts'
import { runCommand } from './run-command.ts'

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
      next: (after, upTo, limit) => nextSpan(connection, { collection, signal }, after, upTo, limit),
      apply: (range, onUpdated) => applyRange(connection, session, collection, { range, onUpdated, signal }),
      close: () => session.endSession(),
    }
  })
}

interface Asked {
  readonly range: Range
  readonly onUpdated: () => void
  readonly signal: AbortSignal
}

async function applyRange(
  connection: Connection,
  session: ClientSession,
  collection: string,
  { range, onUpdated, signal }: Asked,
): TargetResult<MigrationCheckpoint> {
  let mayRepeat = false
  const applied = await connection.attempt(`migrate documents of collection "${collection}"`, async () => {
    signal.throwIfAborted()
    try {
      return await inTransaction(session, () => changeAndCheck(connection, session, collection, range, onUpdated))
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
  onUpdated: () => void,
): Promise<MigrationCheckpoint> {
  const { span, pipeline, comment, runId, token, stepId, checkpoint } = range
  const updates = [{ q: filterOf(span), u: pipeline.map(toStage), multi: true }]
  const command = { update: collection, updates, bypassDocumentValidation: true, comment }
  const reply = await runCommand(db, command, { session })
  const next: MigrationCheckpoint = {
    ...checkpoint,
    last: 'ids' in span ? span.ids.at(-1) : span.last,
    ranges: checkpoint.ranges + 1,
    done: checkpoint.done + Number(reply['n']),
    modified: checkpoint.modified + Number(reply['nModified']),
  }
  const entry = { step_id: stepId, comment, state: 'intended', 'checkpoint.ranges': checkpoint.ranges }
  const filter = { _id: runId, token, journal: { $elemMatch: entry } }
  const update = { $set: { 'journal.$.checkpoint': toCheckpointDocument(next) } }
  const writing = db.collection<{ _id: string }>(RUNS).updateOne(filter, update as Document, { session })
  onUpdated()
  const written = await writing
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
