import type { IndexSpec } from '@stage0/core'
import type { TargetResult } from '@stage0/engine'
import { MongoServerError, type Db, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { toDriver, toDriverDocument } from '../driver-values.ts'
import { serverCodes } from '../errors/server-refusal.ts'
import { TargetFailure, targetError } from '../errors/target-error.ts'
import { awaitBuilds, isOutOfSight, watchBuild, type OnProgress } from './indexes-watch.ts'
import { MAJORITY, runCommand } from './run-command.ts'

const CANNOT_CREATE_INDEX: readonly unknown[] = [2, 9, 14, 67, 72, 197]
/** So often the server may be lost in one build; a network that is gone for good ends it sooner. */
const MOST_LOSSES = 5

/**
 * Builds indexes in one `createIndexes`: one scan of the collection for all of them. `already` when all exist just so.
 *
 * A server goes on building when its client is gone. So after a lost connection the build is looked for and waited for; only what
 * is neither there nor being built is sent again.
 *
 * Errors: INDEX_CONFLICT (name or keys exist with another definition), DUPLICATE_KEY, INDEX_REFUSED, and those of the connection.
 */
export async function buildIndexes(
  { db, attempt }: Connection,
  collection: string,
  indexes: readonly IndexSpec[],
  signal: AbortSignal,
  onProgress?: OnProgress,
): TargetResult<'done' | 'already'> {
  const names = indexes.map((index) => `"${index.name}"`).join(', ')
  return attempt(
    `build ${indexes.length === 1 ? 'index' : 'indexes'} ${names} of collection "${collection}"`,
    async () => {
      if (indexes.length === 0) return 'already'
      const build = { db, collection, names: indexes.map((index) => index.name), signal, onProgress }
      let isSent = false
      for (let losses = 0; ; losses += 1) {
        signal.throwIfAborted()
        try {
          // The connection may break again while the build is looked for: then it is looked for once more, not sent.
          if (isSent && (await awaitBuilds(build))) return 'done'
          isSent = true
          return await watchBuild(build, () => send(db, collection, indexes, signal))
        } catch (cause) {
          if (!isOutOfSight(cause) || losses >= MOST_LOSSES) throw refusal(cause, collection, names)
        }
      }
    },
  )
}

async function send(
  db: Db,
  collection: string,
  indexes: readonly IndexSpec[],
  signal: AbortSignal,
): Promise<'done' | 'already'> {
  const command = { createIndexes: collection, indexes: indexes.map(toCommand), writeConcern: MAJORITY }
  return created(await runCommand(db, command, { signal })) ? 'done' : 'already'
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

function refusal(cause: unknown, collection: string, names: string): unknown {
  if (!(cause instanceof MongoServerError) || !CANNOT_CREATE_INDEX.includes(cause.code)) return cause
  const message = `The server does not accept the definition of ${names} on collection "${collection}": ${cause.message}.`
  return new TargetFailure(targetError('refused', 'INDEX_REFUSED', message, serverCodes(cause)))
}
