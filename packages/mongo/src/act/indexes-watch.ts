import { MongoNetworkError, MongoServerError, type Db, type Document } from 'mongodb'
import { setTimeout as sleep } from 'node:timers/promises'
import { listIndexes } from './indexes.ts'

/** Documents that the server has scanned, of so many. */
export type OnProgress = (done: number, total: number) => void

export interface WatchedBuild {
  readonly db: Db
  readonly collection: string
  readonly names: readonly string[]
  readonly signal: AbortSignal
  readonly onProgress: OnProgress | undefined
}

/** Between two looks at a build. */
const LOOK_AGAIN_MS = 500
/** ShutdownInProgress, PrimarySteppedDown, NotWritablePrimary, Interrupted*, NotPrimaryNoSecondaryOk: the build goes on elsewhere or later. */
const GOES_ON: readonly unknown[] = [91, 189, 10107, 11600, 11602, 13435]
/** Another client builds the same: waited for as well. By name, as its number differs between releases. */
const BEING_BUILT = 'IndexBuildAlreadyInProgress'
/** How a server says that it has no `$currentOp` for us. */
const CANNOT_TELL: readonly unknown[] = [13, 20, 59, 115, 238, 303, 304, 40324]

/** Whether the server may still build, although the command failed for the client. */
export const isOutOfSight = (cause: unknown): boolean =>
  cause instanceof MongoNetworkError ||
  (cause instanceof MongoServerError && (GOES_ON.includes(cause.code) || cause.codeName === BEING_BUILT))

/**
 * Waits as long as the server builds one of the indexes.
 *
 * @returns Whether all of them are there. Where one is not, its build has failed, or was never begun.
 */
export async function awaitBuilds(build: WatchedBuild): Promise<boolean> {
  const { db, collection, names, signal } = build
  for (;;) {
    signal.throwIfAborted()
    // In this order: what ends between the two looks is seen by the second.
    const isAtWork = await tellProgress(build)
    const { ready, building } = await listIndexes(db, collection)
    const there = new Set(ready.map((index) => index.name))
    if (!isAtWork && !names.some((name) => building.includes(name))) return names.every((name) => there.has(name))
    await sleep(LOOK_AGAIN_MS, undefined, { signal })
  }
}

/** Tells how far a build is while `work` waits for its answer. */
export async function watchBuild<T>(build: WatchedBuild, work: () => Promise<T>): Promise<T> {
  if (build.onProgress === undefined) return work()
  const ended = new AbortController()
  const signal = AbortSignal.any([build.signal, ended.signal])
  const looking = lookWhile({ ...build, signal })
  try {
    return await work()
  } finally {
    ended.abort()
    await looking
  }
}

async function lookWhile(build: WatchedBuild): Promise<void> {
  try {
    for (;;) {
      await sleep(LOOK_AGAIN_MS, undefined, { signal: build.signal })
      await tellProgress(build)
    }
  } catch {
    // The build has ended, or its progress cannot be told: what becomes of it, its own answer says.
  }
}

/** Whether the server is at work on one of the indexes, by its list of operations. */
async function tellProgress(build: WatchedBuild): Promise<boolean> {
  const operations = await buildOperations(build)
  for (const { progress } of operations) {
    const { done, total } = (progress ?? {}) as { readonly done?: unknown; readonly total?: unknown }
    if (done !== undefined && total !== undefined) build.onProgress?.(Number(done), Number(total))
  }
  return operations.length > 0
}

/** Of all users where that is permitted: a build outlives the connection, and the user, that asked for it. */
async function buildOperations({ db, collection, names, signal }: WatchedBuild): Promise<readonly Document[]> {
  for (const allUsers of [true, false]) {
    const pipeline = [
      { $currentOp: { allUsers } },
      { $match: { ns: `${db.databaseName}.${collection}`, 'command.createIndexes': collection } },
      { $match: { 'command.indexes.name': { $in: names } } },
      { $project: { progress: 1 } },
    ]
    try {
      const options = { readConcern: { level: 'local' as const }, signal }
      return await db.client.db('admin').aggregate(pipeline, options).toArray()
    } catch (cause) {
      if (!(cause instanceof MongoServerError) || !CANNOT_TELL.includes(cause.code)) throw cause
    }
  }
  return []
}
