import { doc, type Doc } from '@stage0/bson-schema'
import type { RememberedLeftovers } from '@stage0/core'
import type { TargetResult, VersionRecord } from '@stage0/engine'
import { EJSON } from 'bson'
import { MongoServerError, ObjectId, type Db, type Document } from 'mongodb'
import { readIndexes } from '../act/indexes.ts'
import { MAJORITY, runCommand } from '../act/run-command.ts'
import type { Connection } from '../connection/connect.ts'
import { toDriver, toDriverDocument } from '../driver-values.ts'
import { fail } from '../errors/target-error.ts'
import { ENUMERATORS_HASH, HISTORY } from './names.ts'

const DUPLICATE_KEY = 11000
const INDEX_CONFLICTS: readonly unknown[] = [85, 86]
const UNIQUE_INDEX = 'stage0_collection_name'

/** Upserts an enumerators document by its `version`, with our hash of its content. Idempotent. */
export async function recordEnumerators(
  { db, attempt }: Connection,
  collection: string,
  document: Doc,
  contentHash: string,
  signal: AbortSignal,
): TargetResult {
  return attempt(`record the enumerators in collection "${collection}"`, async () => {
    signal.throwIfAborted()
    const version = document.get('version')
    if (version === undefined) throw new TypeError('an enumerators document without a version')
    const replacement = toDriverDocument(document.without('_id').with(ENUMERATORS_HASH, contentHash))
    const updates = [{ q: { version: toDriver(version) }, u: replacement, upsert: true }]
    await runCommand(db, { update: collection, updates, writeConcern: MAJORITY })
  })
}

/**
 * Records applied versions: first what was applied (`stage0_history`), then which version a collection has, so that a recorded
 * version always has its history. Both idempotent. A record that somebody else has written since is left as it is.
 *
 * Errors: LOCK_LOST, VERSION_RECORD_DUPLICATE, INDEX_CONFLICT, and those of the connection.
 */
export function createVersionRecorder({ db, attempt }: Connection, collection: string) {
  let indexIsThere = false
  return (record: VersionRecord, signal: AbortSignal): TargetResult =>
    attempt(`record version ${record.version} of collection "${record.collection}"`, async () => {
      signal.throwIfAborted()
      if (!indexIsThere) await makeUnique(db, collection)
      indexIsThere = true
      const before = await readRecord(db, collection, record.collection)
      // Suspended between any two of these commands, another run may have recorded a later version.
      signal.throwIfAborted()
      await recordHistory(db, record, before?.applied_at)
      signal.throwIfAborted()
      await replaceRecord(db, collection, record, before)
    })
}

interface RecordBefore {
  readonly _id: unknown
  readonly applied_at?: unknown
  readonly current_version?: unknown
  readonly run_id?: unknown
}

async function readRecord(db: Db, versions: string, collection: string): Promise<RecordBefore | undefined> {
  const projection = { applied_at: 1, current_version: 1, run_id: 1 }
  return (
    (await db.collection<RecordBefore>(versions).findOne({ collection_name: collection }, { projection })) ?? undefined
  )
}

/** Only what was there before is replaced: what has come since is of a run that has taken over. */
async function replaceRecord(
  db: Db,
  versions: string,
  record: VersionRecord,
  before: RecordBefore | undefined,
): Promise<void> {
  const { leftovers: count, runId } = record
  const left = count === undefined ? {} : putLeftovers(count === 0 ? undefined : { count, runId })
  const fields = {
    current_version: record.stored,
    schema_hash: record.schemaHash,
    run_id: runId,
    applied_by: record.appliedBy,
    tool_version: record.toolVersion,
  }
  const update = { ...left, $set: { ...fields, ...left.$set } }
  // A field that is missing is found as null. Without a document before, the unique index refuses a second one.
  const query =
    before === undefined
      ? { _id: new ObjectId(), collection_name: record.collection }
      : { _id: before._id, current_version: before.current_version ?? null, run_id: before.run_id ?? null }
  const isReplaced = await upsert(db, versions, query, update, before === undefined).catch((cause: unknown) => {
    if (cause instanceof MongoServerError && cause.code === DUPLICATE_KEY) return false
    throw cause
  })
  if (!isReplaced)
    fail(
      'lost-lock',
      'LOCK_LOST',
      `Another run has recorded a version of collection "${record.collection}" meanwhile: this one may not write it any more.`,
    )
}

/**
 * Puts into the version document of a collection how many documents do not match, or takes it out. Makes no document, and leaves
 * alone what another run has written since the look was planned.
 *
 * Errors: LOCK_LOST, and those of the connection.
 */
export async function recordLeftovers(
  { db, attempt }: Connection,
  versions: string,
  collection: string,
  looked: { readonly current: string; readonly runId: string },
  left: RememberedLeftovers | undefined,
  signal: AbortSignal,
): TargetResult {
  return attempt(`record what the look at collection "${collection}" found`, async () => {
    signal.throwIfAborted()
    // Or as this very look has left it, when the answer got lost: null is found where there are none.
    const found = { $in: [looked.runId, left?.runId ?? null] }
    const q = { collection_name: collection, current_version: looked.current, 'leftovers.run_id': found }
    const updates = [{ q, u: putLeftovers(left) }]
    const reply = await runCommand(db, { update: versions, updates, writeConcern: MAJORITY })
    if (Number(reply['n']) > 0) return
    fail(
      'lost-lock',
      'LOCK_LOST',
      `Another run has written the version document of collection "${collection}" meanwhile: this one may not write it any more.`,
    )
  })
}

/** A field that other tools need not know. */
const putLeftovers = (left: RememberedLeftovers | undefined): { $set?: Document; $unset?: Document } =>
  left === undefined
    ? { $unset: { leftovers: '' } }
    : { $set: { leftovers: { count: left.count, run_id: left.runId } } }

/**
 * One entry per application. What a run was cut off after has an entry that is later than the recorded version: it is finished here,
 * so it becomes the entry of this run instead of a second one.
 */
async function recordHistory(db: Db, record: VersionRecord, since: unknown): Promise<void> {
  const { collection: name, stored, runId } = record
  const _id = `${runId}/${stored}`
  const unfinished = { collection: name, stored, ...(since instanceof Date && { applied_at: { $gt: since } }) }
  const update = { $set: historyOf(record), $setOnInsert: { _id } }
  await upsert(db, HISTORY, { $or: [{ _id }, unfinished] }, update, true)
}

/** @returns whether there is such a document now. */
async function upsert(
  db: Db,
  collection: string,
  query: Document,
  update: Document,
  mayInsert: boolean,
): Promise<boolean> {
  const updates = [{ q: query, u: { ...update, $currentDate: { applied_at: true } }, upsert: mayInsert }]
  const reply = await runCommand(db, { update: collection, updates, writeConcern: MAJORITY })
  return Number(reply['n']) > 0
}

const historyOf = (record: VersionRecord): Document =>
  toDriverDocument(
    doc({
      collection: record.collection,
      version: record.version,
      stored: record.stored,
      schema_hash: record.schemaHash,
      schema: record.schema,
      indexes: record.indexes.map(({ name, key, options }) => doc({ name, key, options })),
      migrations: record.migrations.map(({ file, hash }) => doc({ file, hash })),
      enumerators_hash: record.enumeratorsHash ?? null,
      run_id: record.runId,
      applied_by: record.appliedBy,
      tool_version: record.toolVersion,
    }),
  )

/** One version document per collection, kept so by the server. Made with the first record; afterwards it costs nothing. */
async function makeUnique(db: Db, collection: string): Promise<void> {
  const indexes = [{ key: { collection_name: 1 }, name: UNIQUE_INDEX, unique: true }]
  try {
    await runCommand(db, { createIndexes: collection, indexes, writeConcern: MAJORITY })
  } catch (cause) {
    if (!(cause instanceof MongoServerError)) throw cause
    if (cause.code === DUPLICATE_KEY) refuseDuplicate(cause, collection)
    if (!INDEX_CONFLICTS.includes(cause.code) || !(await hasUniqueIndex(db, collection))) throw cause
  }
}

function refuseDuplicate(cause: MongoServerError, collection: string): never {
  const value = (cause as { keyValue?: { collection_name?: unknown } }).keyValue?.collection_name
  const which = value === undefined ? 'one collection' : `collection ${EJSON.stringify(value)}`
  const message = `"${collection}" holds more than one document for ${which}, so its version is not known.`
  return fail('refused', 'VERSION_RECORD_DUPLICATE', message, {
    serverCode: DUPLICATE_KEY,
    detail: { collection: value },
  })
}

/** Whether somebody else has already made a unique index on just this field, under another name. */
async function hasUniqueIndex(db: Db, collection: string): Promise<boolean> {
  const indexes = await readIndexes(db, collection)
  return indexes.some(
    ({ key, options }) =>
      key.size === 1 &&
      key.has('collection_name') &&
      options.get('unique') === true &&
      !options.has('partialFilterExpression') &&
      !options.has('collation'),
  )
}
