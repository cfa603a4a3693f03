import { join } from 'node:path'
import { doc, isDoc, type Doc } from '@stage0/bson-schema'
import type { LogLine } from '../server-state.ts'
import type { Catalog } from '../storage/catalog.ts'
import type { Change, ChangeSink } from '../storage/changes.ts'
import { encodeChanges } from './change.ts'
import { asDataFolderError } from './data-folder-error.ts'
import type { Files, LogFile } from './files.ts'
import { logHead } from './frame.ts'
import { takeLock } from './lock.ts'
import { Log } from './log.ts'
import type { Machine } from './machine.ts'
import { logName, readManifest, removeOthers, snapshotName, writeManifest } from './manifest.ts'
import { droppedOf, type Dropped } from './dropped.ts'
import { copyLog, damagedName, keepLast } from './keep-aside.ts'
import { readData, type Recovered } from './recovery.ts'
import { writeSnapshot, type DataState } from './snapshot.ts'
import { storedChanges, storedCollection } from './stored-changes.ts'

/** A log below this is replayed in a moment; above it a snapshot is taken once the log is larger than the data. */
const SNAPSHOT_FROM_BYTES = 64 * 1024 * 1024

export interface DataFolderOptions {
  readonly folder: string
  /** Leave out what follows a bad place in the log, instead of refusing to start. */
  readonly recover: boolean
  /** Whether a write that says nothing about it waits for the disk, as on a replica set. */
  readonly waitsByDefault: boolean
  /** Default 64 MiB. */
  readonly snapshotFromBytes?: number | undefined
}

/** What the folder needs of the world. */
export interface DataFolderPorts {
  readonly files: Files
  readonly machine: Machine
  readonly clock: () => Date
  readonly log: (line: LogLine) => void
}

/** Begins the log of a generation, on the disk with its name. */
function beginLog(files: Files, folder: string, generation: number, firstSequence: number): LogFile {
  const path = join(folder, logName(generation))
  files.remove(path)
  const file = files.openLog(path)
  try {
    file.append([logHead(generation, firstSequence)])
    file.syncNow()
    files.syncFolder(folder)
    return file
  } catch (error) {
    file.close()
    files.remove(path)
    throw error
  }
}

/** Whether a command asks that its effect is on the disk before it is answered. Source: the manual's page on write concern. */
function asksForDisk(command: Doc): boolean | undefined {
  const concern = command.get('writeConcern')
  if (!isDoc(concern)) return undefined
  if (concern.get('j') !== undefined) return concern.get('j') === true
  if (concern.get('fsync') === true) return true
  return concern.get('w') === undefined ? undefined : concern.get('w') === 'majority'
}

/** The data of a server on disk: a snapshot, and a log of what came after it. */
export class DataFolder implements ChangeSink {
  /** What could not be read at the start and was left out. */
  readonly dropped: Dropped | undefined
  readonly #ports: DataFolderPorts
  readonly #options: DataFolderOptions
  readonly #catalog: Catalog
  readonly #release: () => void
  readonly #log: Log
  #generation: number
  #snapshotPosition: number
  #snapshot: Promise<void> | undefined
  #snapshotFromBytes: number
  /** Since it was asked last, something was written. */
  #hasWritten = false

  private constructor(
    ports: DataFolderPorts,
    options: DataFolderOptions,
    catalog: Catalog,
    release: () => void,
    begun: Pick<Recovered, 'generation' | 'snapshotPosition'> & { log: Log; dropped: Dropped | undefined },
  ) {
    this.#ports = ports
    this.#options = options
    this.#catalog = catalog
    this.#release = release
    this.#log = begun.log
    this.dropped = begun.dropped
    this.#generation = begun.generation
    this.#snapshotPosition = begun.snapshotPosition
    this.#snapshotFromBytes = options.snapshotFromBytes ?? SNAPSHOT_FROM_BYTES
  }

  /**
   * Takes the folder for this process and reads it into `catalog`, which is empty. A folder that does not exist is made.
   *
   * @throws DataFolderError with every reason why the folder cannot be taken; no data were changed then.
   */
  static async open(ports: DataFolderPorts, options: DataFolderOptions, catalog: Catalog): Promise<DataFolder> {
    const { files, machine, clock } = ports
    const { folder } = options
    try {
      // A folder that is not ours is not even locked.
      if (readManifest(files, folder) === undefined) files.makeFolder(folder)
      const release = takeLock(files, machine, folder, clock())
      try {
        return await DataFolder.#begin(ports, options, catalog, release)
      } catch (error) {
        release()
        throw error
      }
    } catch (error) {
      throw asDataFolderError(folder, error)
    }
  }

  static async #begin(
    ports: DataFolderPorts,
    options: DataFolderOptions,
    catalog: Catalog,
    release: () => void,
  ): Promise<DataFolder> {
    const { files, clock } = ports
    const { folder, recover } = options
    // Once more, under the lock: another process may have begun the folder meanwhile.
    let generation = readManifest(files, folder)
    if (generation === undefined) {
      generation = 0
      beginLog(files, folder, generation, 1).close()
      await writeManifest(files, folder, generation)
    }
    const data = readData(files, folder, generation, catalog, { recover, now: clock() })
    if (data.isDamaged) return DataFolder.#setAside(ports, options, catalog, release, data)
    removeOthers(files, folder, generation, data.generation)
    const dropped = await keepLast(files, folder, data)
    const file = openEnd(files, folder, data)
    return new DataFolder(ports, options, catalog, release, {
      ...data,
      log: new Log(file, data.position, clock),
      dropped,
    })
  }

  /** Goes on with what could be read of a damaged log, in a new generation; the logs stay under other names. */
  static async #setAside(
    ports: DataFolderPorts,
    options: DataFolderOptions,
    catalog: Catalog,
    release: () => void,
    data: Recovered,
  ): Promise<DataFolder> {
    const { generation: last, first, position, logs, snapshotPosition } = data
    const { files, clock } = ports
    const { folder } = options
    const lastLog = logs.at(-1) ?? last
    const generation = lastLog + 1
    // What an earlier attempt left that was cut off.
    removeOthers(files, folder, first, lastLog)
    const log = new Log(beginLog(files, folder, generation, position + 1), position, clock)
    const aside = logs.filter((each) => each >= (data.heads[0] ?? last))
    const dropped = { ...droppedOf(data), keptAs: aside.map((each) => damagedName(logName(each))) }
    const self = new DataFolder(ports, options, catalog, release, { generation, log, snapshotPosition, dropped })
    await writeSnapshot(files, folder, generation, self.#state())
    // Copies: until the manifest names the new generation the logs count, and from then on nobody knows that they are damaged.
    for (const each of aside) await copyLog(files, folder, logName(each))
    files.syncFolder(folder)
    await writeManifest(files, folder, generation)
    self.#snapshotPosition = position
    removeOthers(files, folder, generation, generation)
    return self
  }

  /** Writes what a unit changed to the log. Throws 14031 where the disk does not take it. */
  committed(changes: readonly Change[]): void {
    this.#log.append(encodeChanges(storedChanges(changes)))
    this.#hasWritten = true
    const isDue = this.#log.size > Math.max(this.#snapshotFromBytes, this.#catalog.budget.bytes)
    // Between two commands, where the data are what the log says.
    if (isDue && this.#snapshot === undefined)
      this.#snapshot = new Promise(setImmediate).then(() => this.#takeSnapshot())
  }

  /** Throws 14031 where nothing can be written until the next start: no work is begun in vain. */
  refuse(): void {
    if (this.#log.failure !== undefined) throw this.#log.failure
  }

  takeWritten(): boolean {
    const hasWritten = this.#hasWritten
    this.#hasWritten = false
    return hasWritten
  }

  beforeReply(command: Doc, hasWritten: boolean): Promise<void> | undefined {
    if (asksForDisk(command) ?? (this.#options.waitsByDefault && hasWritten)) return this.#log.untilSynced()
    const concern = command.get('readConcern')
    if (!isDoc(concern) || concern.get('level') !== 'majority') return undefined
    // What is read has to stay; a disk that fails is the affair of those who write.
    return this.#log.untilSynced()?.catch(() => undefined)
  }

  #state(): DataState {
    const catalog = this.#catalog
    return {
      sequence: this.#log.position,
      collections: catalog
        .databases()
        .flatMap((database) => catalog.collections(database))
        .map((collection) => ({
          collection: storedCollection(collection),
          documents: Array.from(collection.records(), ({ raw }) => raw),
        })),
    }
  }

  /** Begins the next log, and writes the data as they are at that moment beside. Until that is done the old files count. */
  async #takeSnapshot(): Promise<void> {
    const { files, log } = this.#ports
    const { folder } = this.#options
    try {
      const next = this.#generation + 1
      this.#log.continueIn(() => beginLog(files, folder, next, this.#log.position + 1))
      this.#generation = next
      const state = this.#state()
      await writeSnapshot(files, folder, next, state)
      await writeManifest(files, folder, next)
      this.#snapshotPosition = state.sequence
      removeOthers(files, folder, next, next)
      log({
        message: 'snapshot written',
        attributes: doc({ snapshot: snapshotName(next), record: BigInt(state.sequence) }),
      })
    } catch (error) {
      // Nothing is lost, the logs have it all; the next attempt waits until there is a good deal more to gain.
      this.#snapshotFromBytes = Math.max(this.#snapshotFromBytes, this.#log.size) * 2
      log({
        message: 'snapshot failed',
        attributes: doc({ error: error instanceof Error ? error.message : String(error) }),
      })
    } finally {
      this.#snapshot = undefined
    }
  }

  /** Takes a last snapshot, so that the next start is quick, and gives the folder back. Nothing may be written afterwards. */
  async close(): Promise<void> {
    await this.#snapshot
    const isWhole = this.#log.failure === undefined
    if (isWhole && this.#log.position > this.#snapshotPosition) await this.#takeSnapshot()
    await this.#log.close()
    this.#release()
  }
}

/** The log in which the data go on, without what was cut off at its end. */
function openEnd(files: Files, folder: string, { generation, position, end }: Recovered): LogFile {
  if (end !== undefined && end.offset === 0) return beginLog(files, folder, generation, position + 1)
  const file = files.openLog(join(folder, logName(generation)))
  if (end !== undefined) {
    file.truncate(end.offset)
    file.syncNow()
  }
  return file
}
