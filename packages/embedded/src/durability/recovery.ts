import { join } from 'node:path'
import { BsonError } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { Catalog } from '../storage/catalog.ts'
import { decodeChanges, UnreadableRecord } from './change.ts'
import { DataFolderError } from './data-folder-error.ts'
import type { Files } from './files.ts'
import { LOG_HEAD_BYTES } from './frame.ts'
import { logGenerations, logName, snapshotName } from './manifest.ts'
import { readLog, type LogEnd } from './log-reader.ts'
import { Replay } from './replay.ts'
import { readSnapshot } from './snapshot.ts'

/** The data of a folder, and where its log goes on. */
export interface Recovered {
  /** Of the log in which the readable part ends. */
  readonly generation: number
  /** The number of the last record that was read. */
  readonly position: number
  /** The number of the last record that the snapshot holds. */
  readonly snapshotPosition: number
  /** The generation of the snapshot; 0 is an empty one. */
  readonly first: number
  /** Every log that counts, in order. */
  readonly logs: readonly number[]
  /** Where the log of `generation` stops being readable; undefined where it is whole. */
  readonly end: LogEnd | undefined
  /** The logs that were read although their heads are damaged. */
  readonly heads: readonly number[]
  /** Whether there is more than a last write that was cut off. */
  readonly isDamaged: boolean
}

/** What only --recover passes over, and what that does to come to `target`; undefined where the log goes on without it. */
function describeDamage(name: string, end: LogEnd, isLast: boolean, target: string): string | undefined {
  const { head, offset, rest, recordsAfter } = end
  const start = (what: string, leaving: string): string =>
    `${what}. Start with --recover to ${leaving} is then set aside`
  if (head === 'unknown') {
    return start(`${name} does not begin as the log that follows does`, `go back to ${target}; the log`)
  }
  if (head === 'damaged') {
    return start(`the head of ${name} is damaged`, 'read the whole records after it all the same; the log')
  }
  if (isLast ? recordsAfter === 0 : rest === 0 && offset > 0) return undefined
  const records = `${recordsAfter} whole ${recordsAfter === 1 ? 'record follows' : 'records follow'}`
  return start(
    `${name} holds no whole record at byte ${offset}, and ${isLast ? records : 'another log follows'}`,
    `go back to ${target}; the rest`,
  )
}

/**
 * Reads snapshot and logs into `catalog`; changes nothing in the folder.
 *
 * @throws DataFolderError `EMBEDDED_DATA_DAMAGED` where whole records follow a bad place, or the head of a log is damaged,
 * and `recover` does not allow to leave them out, and for a damaged snapshot; `EMBEDDED_DATA_TOO_LARGE`.
 */
export function readData(
  files: Files,
  folder: string,
  generation: number,
  catalog: Catalog,
  options: { readonly recover: boolean; readonly now: Date },
): Recovered {
  const logs = [...logGenerations(files.list(folder) ?? []).filter((found) => found >= generation)]
  // The beginning of a log that was never used.
  while (logs.length > 1 && sizeOf(files, join(folder, logName(logs.at(-1) as number))) <= LOG_HEAD_BYTES) logs.pop()
  const damaged = (what: string): DataFolderError =>
    new DataFolderError('EMBEDDED_DATA_DAMAGED', `The data folder ${folder} is damaged: ${what}.`)
  if (logs[0] !== generation) throw damaged(`${logName(generation)} is missing`)
  const replay = new Replay(catalog, options.now)
  let position = 0
  let snapshotPosition = 0
  let lastTime: Date | undefined
  const heads: number[] = []
  const begin = generation > 0 ? snapshotName(generation) : 'before the first write'
  const load = (): Recovered => {
    if (generation > 0) {
      snapshotPosition = readSnapshot(files, folder, generation, {
        collection: (collection) => replay.create(collection),
        document: (uuid, raw) => replay.put(uuid, raw),
      })
      position = snapshotPosition
    }
    for (const log of logs) {
      const end = readOne(files, join(folder, logName(log)), log, position + 1, replay)
      position = end.nextSequence - 1
      lastTime = end.lastTime ?? lastTime
      const isLast = log === logs.at(-1)
      const target = lastTime?.toISOString() ?? begin
      const damage = options.recover ? undefined : describeDamage(logName(log), end, isLast, target)
      if (damage !== undefined) throw damaged(damage)
      if (end.head === 'damaged') heads.push(log)
      if (end.rest === 0 && end.offset > 0) continue
      const isDamaged = heads.length > 0 || end.head === 'unknown' || end.recordsAfter > 0 || !isLast
      return {
        generation: log,
        position,
        snapshotPosition,
        first: generation,
        logs,
        end: { ...end, lastTime },
        heads,
        isDamaged,
      }
    }
    const last = logs.at(-1) ?? generation
    return {
      generation: last,
      position,
      snapshotPosition,
      first: generation,
      logs,
      end: undefined,
      heads,
      isDamaged: heads.length > 0,
    }
  }
  try {
    const recovered = load()
    replay.finish()
    return recovered
  } catch (error) {
    if (error instanceof ServerError && error.code === 14031) {
      throw new DataFolderError(
        'EMBEDDED_DATA_TOO_LARGE',
        `The data folder ${folder} cannot be loaded: ${error.message}.`,
      )
    }
    // The checksums are right, but no server can have written this.
    if (error instanceof UnreadableRecord || error instanceof BsonError || error instanceof ServerError)
      throw damaged(`what follows record ${position} cannot be read: ${error.message}`)
    throw error
  }
}

function sizeOf(files: Files, path: string): number {
  const file = files.open(path)
  file.close()
  return file.size
}

function readOne(files: Files, path: string, generation: number, firstSequence: number, replay: Replay): LogEnd {
  const file = files.open(path)
  try {
    return readLog(file, generation, firstSequence, ({ payload }) => {
      for (const change of decodeChanges(payload)) replay.apply(change)
    })
  } finally {
    file.close()
  }
}
