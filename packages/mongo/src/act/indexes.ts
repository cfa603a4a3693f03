import { EMPTY_DOC, isDoc, type Doc } from '@stage0/bson-schema'
import type { IndexSpec } from '@stage0/core'
import type { TargetResult } from '@stage0/engine'
import { MongoServerError, type Db, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriver, toDriverDocument } from '../driver-values.ts'
import { serverCodes } from '../errors/server-refusal.ts'
import { TargetFailure, targetError } from '../errors/target-error.ts'
import { MAJORITY, runCommand } from './run-command.ts'

const NAMESPACE_NOT_FOUND = 26
const INDEX_NOT_FOUND = 27
const CANNOT_CREATE_INDEX: readonly unknown[] = [2, 9, 14, 67, 72, 197]
/** Not options: `v` and `ns` are bookkeeping of the server. */
const NOT_OPTIONS = ['v', 'key', 'name', 'ns']

/** Indexes of a collection as the server tells them; none where the collection does not exist. */
export async function readIndexes(db: Db, collection: string): Promise<IndexSpec[]> {
  const indexes: IndexSpec[] = []
  try {
    for await (const bytes of db.collection(collection).listIndexes(AS_BYTES))
      indexes.push(fromListing(readDocument(bytes)))
  } catch (cause) {
    if (!isCode(cause, NAMESPACE_NOT_FOUND)) throw cause
  }
  return indexes
}

/**
 * Builds indexes in one `createIndexes`: one scan of the collection for all of them. `already` when all exist just so.
 *
 * Errors: INDEX_CONFLICT (name or keys exist with another definition), DUPLICATE_KEY, INDEX_REFUSED, and those of the connection.
 */
export async function buildIndexes(
  { db, attempt }: Connection,
  collection: string,
  indexes: readonly IndexSpec[],
  signal: AbortSignal,
): TargetResult<'done' | 'already'> {
  const names = indexes.map((index) => `"${index.name}"`).join(', ')
  return attempt(
    `build ${indexes.length === 1 ? 'index' : 'indexes'} ${names} of collection "${collection}"`,
    async () => {
      signal.throwIfAborted()
      if (indexes.length === 0) return 'already'
      try {
        const command = { createIndexes: collection, indexes: indexes.map(toCommand), writeConcern: MAJORITY }
        return created(await runCommand(db, command)) ? 'done' : 'already'
      } catch (cause) {
        throw refusal(cause, collection, names)
      }
    },
  )
}

/** Drops an index by its name. `already` when there is none, or no collection. */
export async function dropIndex(
  { db, attempt }: Connection,
  collection: string,
  index: string,
  signal: AbortSignal,
): TargetResult<'done' | 'already'> {
  return attempt(`drop index "${index}" of collection "${collection}"`, async () => {
    signal.throwIfAborted()
    try {
      await runCommand(db, { dropIndexes: collection, index, writeConcern: MAJORITY })
      return 'done'
    } catch (cause) {
      if (isCode(cause, INDEX_NOT_FOUND) || isCode(cause, NAMESPACE_NOT_FOUND)) return 'already'
      throw cause
    }
  })
}

/** Keys in declared order, name, then every option as declared. */
function toCommand({ name, key, options }: IndexSpec): Document {
  const spec = new Map<string, unknown>([
    ['key', toDriverDocument(key)],
    ['name', name],
  ])
  for (const [option, value] of options.entries()) spec.set(option, toDriver(value, option))
  return spec
}

/** A sharded cluster answers per shard, under `raw`. */
function created(reply: Document): boolean {
  const answers = reply['raw'] === undefined ? [reply] : Object.values(reply['raw'] as Record<string, Document>)
  return answers.some((answer) => answer['numIndexesAfter'] !== answer['numIndexesBefore'])
}

function fromListing(entry: Doc): IndexSpec {
  const name = entry.get('name')
  const key = entry.get('key')
  return {
    name: typeof name === 'string' ? name : '',
    key: isDoc(key) ? key : EMPTY_DOC,
    options: NOT_OPTIONS.reduce((rest, field) => rest.without(field), entry),
  }
}

function refusal(cause: unknown, collection: string, names: string): unknown {
  if (!(cause instanceof MongoServerError) || !CANNOT_CREATE_INDEX.includes(cause.code)) return cause
  const message = `The server does not accept the definition of ${names} on collection "${collection}": ${cause.message}.`
  return new TargetFailure(targetError('refused', 'INDEX_REFUSED', message, serverCodes(cause)))
}

const isCode = (cause: unknown, code: number): boolean => cause instanceof MongoServerError && cause.code === code
