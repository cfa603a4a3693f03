import { EMPTY_DOC, isDoc, type Doc } from '@stage0/bson-schema'
import type { IndexSpec } from '@stage0/core'
import type { TargetResult } from '@stage0/engine'
import { createCollection, removeValidator, setValidator } from '../act/collections.ts'
import { dropIndex as dropByName, readIndexes } from '../act/indexes.ts'
import { buildIndexes } from '../act/indexes-build.ts'
import { runPipeline as run } from '../act/pipelines.ts'
import { MAJORITY, runCommand } from '../act/run-command.ts'
import { openConnection, type ConnectOptions } from '../connection/connect.ts'
import { toDriverDocument } from '../driver-values.ts'
import { listCollections } from '../observe/list-collections.ts'
import { NEVER, toDoc, type Database, type DocumentLike } from './database.ts'

/**
 * Connects to a database. Reads come from the primary with majority concern, writes are `{w: 'majority', j: true}`.
 *
 * Errors: CONNECTION_STRING_INVALID, DATABASE_NAME_INVALID, TLS_REQUIRED, TLS_NOT_VERIFIED, TARGET_UNREACHABLE,
 * TARGET_TLS_FAILED, TARGET_AUTHENTICATION_FAILED. No error shows the connection string.
 */
export const connect = (options: ConnectOptions): TargetResult<Database> => openConnection(options)

/**
 * Sets the fields of the one document that `match` finds, or inserts both together. Returns whether a document was made.
 * Errors: DUPLICATE_KEY, DOCUMENT_INVALID, and those of the connection.
 */
export async function upsert(
  { db, attempt }: Database,
  collection: string,
  match: DocumentLike,
  fields: DocumentLike,
): TargetResult<{ readonly inserted: boolean }> {
  return attempt(`upsert a document in collection "${collection}"`, async () => {
    const updates = [{ q: toDriverDocument(toDoc(match)), u: { $set: toDriverDocument(toDoc(fields)) }, upsert: true }]
    const reply = await runCommand(db, { update: collection, updates, writeConcern: MAJORITY })
    return { inserted: Array.isArray(reply['upserted']) && reply['upserted'].length > 0 }
  })
}

/** The indexes of a collection, the one on `_id` included; none where there is no such collection. */
export async function listIndexes({ db, attempt }: Database, collection: string): TargetResult<readonly IndexSpec[]> {
  return attempt(`list the indexes of collection "${collection}"`, () => readIndexes(db, collection))
}

/** An index to make: keys in their order, and every option of MongoDB. */
export interface IndexDefinition {
  readonly name: string
  readonly key: DocumentLike
  readonly options?: DocumentLike
}

/**
 * Makes indexes in one command, so that the collection is scanned once. `already` when all exist just so.
 * Errors: INDEX_CONFLICT, INDEX_REFUSED, DUPLICATE_KEY, and those of the connection.
 */
export const createIndexes = (
  database: Database,
  collection: string,
  indexes: readonly IndexDefinition[],
): TargetResult<'done' | 'already'> =>
  buildIndexes(
    database,
    collection,
    indexes.map(({ name, key, options }) => ({ name, key: toDoc(key), options: options ? toDoc(options) : EMPTY_DOC })),
    NEVER,
  )

/** Drops an index. `already` when there is none of this name. */
export const dropIndex = (database: Database, collection: string, name: string): TargetResult<'done' | 'already'> =>
  dropByName(database, collection, name, NEVER)

/** How strictly a validator is applied. Source: the manual's page on the validation level. */
export interface SchemaOptions {
  /** Default `moderate`: documents that never matched may still be updated. */
  readonly level?: 'off' | 'moderate' | 'strict'
  /** Default `error`. */
  readonly action?: 'error' | 'warn'
}

/**
 * Puts a `$jsonSchema` on a collection, which is made where it is missing. Validator, level and action change together.
 * Errors: SCHEMA_REFUSED, and those of the connection.
 */
export async function addSchema(
  database: Database,
  collection: string,
  schema: DocumentLike,
  { level = 'moderate', action = 'error' }: SchemaOptions = {},
): TargetResult {
  const validator = { schema: toDoc(schema), level, action }
  const exists = await collectionExists(database, collection)
  if (!exists.ok) return exists
  return exists.value
    ? setValidator(database, collection, validator, NEVER)
    : createCollection(database, collection, validator, NEVER)
}

/** The `$jsonSchema` of a collection; `undefined` where it has none, or another kind of validator. */
export async function readSchema({ db, attempt }: Database, collection: string): TargetResult<Doc | undefined> {
  return attempt(`read the schema of collection "${collection}"`, async () => {
    const schema = (await listCollections(db, { name: collection }))[0]?.validator?.get('$jsonSchema')
    return isDoc(schema) ? schema : undefined
  })
}

/** Takes the validator of a collection away. Errors: TARGET_REFUSED where there is no such collection. */
export const dropSchema = (database: Database, collection: string): TargetResult =>
  removeValidator(database, collection)

/**
 * Runs an aggregation pipeline to its end, for what it writes with `$out` or `$merge`; documents that it returns are dropped.
 * Validators are bypassed, as in a migration. `signal` stops it.
 */
export const runPipeline = (
  database: Database,
  collection: string,
  pipeline: readonly DocumentLike[],
  options: { readonly comment?: string; readonly signal?: AbortSignal } = {},
): TargetResult =>
  run(database, collection, pipeline.map(toDoc), {
    comment: options.comment ?? 'stage0 pipeline',
    signal: options.signal ?? NEVER,
  })

const collectionExists = ({ db, attempt }: Database, name: string): TargetResult<boolean> =>
  attempt(`look up collection "${name}"`, async () => (await listCollections(db, { name })).length > 0)
