import { EMPTY_DOC, isDoc, type Doc } from '@stage0/bson-schema'
import { indexDifference, indexForm, type IndexSpec } from '@stage0/core'
import type { TargetResult } from '@stage0/engine'
import { MongoServerError, type Db } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument } from '../driver-values.ts'
import { fail } from '../errors/target-error.ts'
import { MAJORITY, runCommand } from './run-command.ts'

const NAMESPACE_NOT_FOUND = 26
const INDEX_NOT_FOUND = 27
/** How a server says that it does not know a field of a command: unknown field, and what servers that are only compatible say. */
const UNKNOWN_FIELD: readonly unknown[] = [2, 9, 40415]
/** Not options: `v` and `ns` are bookkeeping of the server. */
const NOT_OPTIONS = ['v', 'key', 'name', 'ns']

/** Indexes of a collection, told apart by whether they can be used yet. */
export interface ListedIndexes {
  readonly ready: readonly IndexSpec[]
  /** Names of those that the server still builds. */
  readonly building: readonly string[]
}

/** Indexes of a collection as the server tells them, those that are still built left out; none where the collection does not exist. */
export const readIndexes = async (db: Db, collection: string): Promise<readonly IndexSpec[]> =>
  (await listIndexes(db, collection)).ready

/**
 * Asks with `includeBuildUUIDs`, without which a server lists an index that it still builds, and may yet give up, like one that is
 * ready. Source: list_indexes.idl of the server.
 */
export async function listIndexes(db: Db, collection: string): Promise<ListedIndexes> {
  try {
    return await list(db, { listIndexes: collection, cursor: {}, includeBuildUUIDs: true })
  } catch (cause) {
    if (isCode(cause, NAMESPACE_NOT_FOUND)) return { ready: [], building: [] }
    if (!(cause instanceof MongoServerError) || !UNKNOWN_FIELD.includes(cause.code)) throw cause
    return list(db, { listIndexes: collection, cursor: {} })
  }
}

async function list(db: Db, command: Readonly<Record<string, unknown>>): Promise<ListedIndexes> {
  const ready: IndexSpec[] = []
  const building: string[] = []
  for await (const bytes of db.runCursorCommand(command, { ...AS_BYTES, readPreference: 'primary' })) {
    const entry = readDocument(bytes)
    const spec = entry.get('spec')
    if (entry.has('buildUUID') && isDoc(spec)) building.push(fromListing(spec).name)
    else ready.push(fromListing(entry))
  }
  return { ready, building }
}

/**
 * Drops an index. `already` when there is none of its name, or no collection.
 *
 * Errors: INDEX_CHANGED where an index of the name has another definition, and those of the connection. Servers drop by name, so the
 * index is looked at right before; what others do between the two is not seen.
 */
export const dropDefinedIndex = (
  connection: Connection,
  collection: string,
  index: IndexSpec,
  signal: AbortSignal,
): TargetResult<'done' | 'already'> =>
  connection.attempt(droppingText(collection, index.name), async () => {
    signal.throwIfAborted()
    const found = (await readIndexes(connection.db, collection)).find(({ name }) => name === index.name)
    if (found === undefined) return 'already'
    const difference = indexDifference(indexForm(index), indexForm(found))
    if (difference.length > 0) fail('refused', 'INDEX_CHANGED', changedText(collection, index.name, difference))
    return dropByName(connection.db, collection, index.name)
  })

const changedText = (collection: string, name: string, difference: readonly string[]): string =>
  `Index "${name}" of collection "${collection}" is not the one that the plan drops: ${difference.join('; ')}. It is left as it is.`

/** Drops an index by its name. `already` when there is none, or no collection. */
export const dropIndex = (
  { db, attempt }: Connection,
  collection: string,
  index: string,
  signal: AbortSignal,
): TargetResult<'done' | 'already'> =>
  attempt(droppingText(collection, index), () => {
    signal.throwIfAborted()
    return dropByName(db, collection, index)
  })

const droppingText = (collection: string, index: string): string =>
  `drop index "${index}" of collection "${collection}"`

async function dropByName(db: Db, collection: string, index: string): Promise<'done' | 'already'> {
  try {
    await runCommand(db, { dropIndexes: collection, index, writeConcern: MAJORITY })
    return 'done'
  } catch (cause) {
    if (isCode(cause, INDEX_NOT_FOUND) || isCode(cause, NAMESPACE_NOT_FOUND)) return 'already'
    throw cause
  }
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

const isCode = (cause: unknown, code: number): boolean => cause instanceof MongoServerError && cause.code === code
