import type { RecordNames, TargetError, TargetPort } from '@stage0/engine'
import { ok, type Result } from '@stage0/types'
import { collectionUuid, createCollection, setValidator } from './act/collections.ts'
import { countUpTo, dropDatabase, ping } from './act/database.ts'
import { findByIds, insertDocuments } from './act/documents.ts'
import { endOperations } from './act/end-operations.ts'
import { findByKeys } from './act/find-collisions.ts'
import { dropDefinedIndex } from './act/indexes.ts'
import { buildIndexes } from './act/indexes-build.ts'
import { changeIndex } from './act/indexes-change.ts'
import { findLeftovers } from './act/leftovers.ts'
import { runPipeline, runUpdate } from './act/pipelines.ts'
import { openRanges } from './act/ranges.ts'
import { openConnection, type ConnectOptions } from './connection/connect.ts'
import { createEvidence } from './observe/evidence.ts'
import { observe } from './observe/observe.ts'
import { createLock } from './records/lock.ts'
import { createVersionRecorder, recordEnumerators, recordLeftovers } from './records/record-version.ts'
import { createRunStore } from './records/runs.ts'

export interface TargetOptions extends ConnectOptions {
  readonly recordNames: RecordNames
}

/**
 * Connects to a database and gives it to the engine as its target. The caller closes it at the end.
 * Errors: those of `openConnection`.
 */
export async function openTarget(options: TargetOptions): Promise<Result<TargetPort, TargetError>> {
  const opened = await openConnection(options)
  if (!opened.ok) return opened
  const connection = opened.value
  const { recordNames } = options
  return ok({
    observe: ({ signal }) => observe(connection, recordNames, signal),
    findByKeys: (...args) => findByKeys(connection, ...args),
    findByIds: (...args) => findByIds(connection, ...args),
    createCollection: (...args) => createCollection(connection, ...args),
    dropIndex: (...args) => dropDefinedIndex(connection, ...args),
    buildIndexes: (...args) => buildIndexes(connection, ...args),
    changeIndex: (...args) => changeIndex(connection, ...args),
    setValidator: (collection, schema, level, action, signal) =>
      setValidator(connection, collection, { schema, level, action }, signal),
    runPipeline: (...args) => runPipeline(connection, ...args),
    runUpdate: (...args) => runUpdate(connection, ...args),
    openRanges: (...args) => openRanges(connection, ...args),
    findLeftovers: (query) => findLeftovers(connection, query),
    endOperations: (...args) => endOperations(connection, ...args),
    collectionUuid: (name) => collectionUuid(connection, name),
    insertDocuments: (...args) => insertDocuments(connection, ...args),
    recordEnumerators: (...args) => recordEnumerators(connection, recordNames.enumerators, ...args),
    recordVersion: createVersionRecorder(connection, recordNames.versions),
    recordLeftovers: (...args) => recordLeftovers(connection, recordNames.versions, ...args),
    countUpTo: (...args) => countUpTo(connection, ...args),
    dropDatabase: (signal) => dropDatabase(connection, signal),
    ping: (timeoutMs) => ping(connection, timeoutMs),
    evidence: createEvidence(connection),
    lock: createLock(connection),
    runs: createRunStore(connection),
    close: () => connection.close(),
  })
}
