import { join } from 'node:path'
import { BsonError } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { Catalog } from '../storage/catalog.ts'
import { decodeChanges, UnreadableRecord } from './change.ts'
import { DataFolderError } from './data-folder-error.ts'
import type { Files } from './files.ts'
import { LOG_HEAD_BYTES } from './frame.ts'
import { logGenerations, logName } from './manifest.ts'
import { readLog, type LogEnd } from './log-reader.ts'
import { Replay } from './replay.ts'
import { readSnapshot } from './snapshot.ts'

/** What was left out of the data because it could not be read. */
export interface Dropped {
  /** Name of the file in the folder. */
  readonly file: string
  /** The first byte that was left out. */
  readonly offset: number
  readonly bytes: number
  /** Whole records among them. */
  readonly records: number
  /** The number of the record that they are, where they are as long as it says. */
  readonly record: number | undefined
  /** When the last record before them was written: what came later is gone. */
  readonly since: Date | undefined
  /** Names of the files with what was left out; none where it was the beginning of a record only. */
  readonly keptAs: readonly string[]
}

/** The data of a folder, and where its log goes on. */
export interface Recovered {
  /** Of the log in which the readable part ends. */
  readonly generation: number
  /** The number of the last record that was read. */
  readonly position: number
  /** The number of the last record that the snapshot holds. */
  readonly snapshotPosition: number
  /** Every log that counts, in order. */
  readonly logs: readonly number[]
  /** Where the log of `generation` stops being readable; undefined where it is whole. */
  readonly end: LogEnd | undefined
  /** Whether that is more than a last write that was cut off. */
  readonly isDamaged: boolean
}

const at = (name: string, offset: number): string => `${name} holds no whole record at byte ${offset}`

/**
 * Reads snapshot and logs into `catalog`; changes nothing in the folder.
 *
 * @throws DataFolderError `EMBEDDED_DATA_DAMAGED` where whole records follow a bad place and `recover` does not allow to
 * leave them out, and for a damaged snapshot; `EMBEDDED_DATA_TOO_LARGE`.
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
      if (end === undefined) throw damaged(`${logName(log)} is not the log that follows`)
      position = end.nextSequence - 1
      lastTime = end.lastTime ?? lastTime
      if (end.rest === 0 && end.offset > 0) continue
      const isLast = log === logs.at(-1)
      const isDamaged = end.recordsAfter > 0 || !isLast
      if (isDamaged && !options.recover) {
        const records = `${end.recordsAfter} whole ${end.recordsAfter === 1 ? 'record follows' : 'records follow'}`
        throw damaged(
          `${at(logName(log), end.offset)}, and ${isLast ? records : 'another log follows'}. Start with --recover to go back to ${lastTime?.toISOString() ?? 'the beginning'}; the rest is then set aside`,
        )
      }
      return { generation: log, position, snapshotPosition, logs, end: { ...end, lastTime }, isDamaged }
    }
    const last = logs.at(-1) ?? generation
    return { generation: last, position, snapshotPosition, logs, end: undefined, isDamaged: false }
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

function readOne(
  files: Files,
  path: string,
  generation: number,
  firstSequence: number,
  replay: Replay,
): LogEnd | undefined {
  const file = files.open(path)
  try {
    return readLog(file, generation, firstSequence, ({ payload }) => {
      for (const change of decodeChanges(payload)) replay.apply(change)
    })
  } finally {
    file.close()
  }
}

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/** One sentence for people about what was left out. */
export function describeDropped({ file, offset, bytes, records, record, since, keptAs }: Dropped): string {
  const when =
    since === undefined ? 'nothing was written before it' : `the last record before it is of ${since.toISOString()}`
  if (records === 0 && record !== undefined) {
    return `Record ${record} at byte ${offset} of ${file}, the last one, is whole in length but its checksum is wrong: either its write was cut off, or the file was damaged. What it held is not in the data; ${when}. Its ${count(bytes, 'byte is', 'bytes are')} kept in ${keptAs.join(', ')}.`
  }
  const what =
    records === 0
      ? `The last write was not finished: ${count(bytes, 'byte', 'bytes')} at byte ${offset} of ${file} were dropped`
      : `${count(bytes, 'byte', 'bytes')} with ${count(records, 'whole record', 'whole records')} from byte ${offset} of ${file} on were left out`
  return `${what}; ${when}.${keptAs.length === 0 ? '' : ` They are kept in ${keptAs.join(', ')}.`}`
}
