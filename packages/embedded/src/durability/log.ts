import { ServerError } from '../server-error.ts'
import type { LogFile } from './files.ts'
import { frameParts } from './frame.ts'

/** What nobody waits for is on the disk this much later at the latest. MongoDB's own default is 100 ms. */
const SYNC_WITHIN_MS = 50
/** Failures that pass when somebody makes room. */
const FULL = ['ENOSPC', 'EDQUOT']

const OUT_OF_DISK_SPACE = 14031

interface Waiter {
  readonly position: number
  readonly resolve: () => void
  readonly reject: (error: ServerError) => void
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && FULL.includes(String(error.code))

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * The log that is being written. A record is handed to the operating system at once, so the end of the process loses
 * nothing; who must also survive the end of the machine waits for the disk, many for one `fdatasync`.
 */
export class Log {
  #file: LogFile
  #position: number
  #synced: number
  #waiting: Waiter[] = []
  #finished: LogFile[] = []
  #isSyncing = false
  #timer: NodeJS.Timeout | undefined
  #failure: ServerError | undefined
  readonly #now: () => Date

  /** `position` is the number of the last record in `file`, which is on the disk. */
  constructor(file: LogFile, position: number, now: () => Date) {
    this.#file = file
    this.#position = position
    this.#synced = position
    this.#now = now
  }

  /** The number of the last record. */
  get position(): number {
    return this.#position
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#file.size
  }

  /** Why nothing can be written any more; undefined while it can. */
  get failure(): ServerError | undefined {
    return this.#failure
  }

  /** Writes one record, whole or not at all. Throws 14031. */
  append(payload: readonly Uint8Array[]): void {
    if (this.#failure !== undefined) throw this.#failure
    const before = this.#file.size
    try {
      this.#file.append(frameParts(this.#position + 1, this.#now(), payload))
    } catch (error) {
      throw this.#withdraw(before, error)
    }
    this.#position++
    this.#syncSoon()
  }

  /** Takes back what was written in part. Where that fails too, the end of the file is unknown and nothing more is written. */
  #withdraw(size: number, cause: unknown): ServerError {
    try {
      this.#file.truncate(size)
    } catch {
      return this.#fail(cause)
    }
    if (!isFull(cause)) return this.#fail(cause)
    return new ServerError(
      OUT_OF_DISK_SPACE,
      `there is no room in the data folder of the embedded server (${textOf(cause)}): nothing of the command was done, and writes are taken again when there is`,
    )
  }

  #fail(cause: unknown): ServerError {
    this.#failure ??= new ServerError(
      OUT_OF_DISK_SPACE,
      `the embedded server cannot write to its data folder (${textOf(cause)}): it takes no more writes until it is started again`,
    )
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure)
    return this.#failure
  }

  /** Resolves when everything written so far is on the disk; undefined where it is. Rejects with 14031. */
  untilSynced(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#synced >= this.#position) return undefined
    const position = this.#position
    return new Promise((resolve, reject) => {
      this.#waiting.push({ position, resolve, reject })
      void this.#sync()
    })
  }

  #syncSoon(): void {
    if (this.#timer !== undefined || this.#isSyncing) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#synced < this.#position) void this.#sync()
    }, SYNC_WITHIN_MS)
    this.#timer.unref()
  }

  /** One at a time: who comes while the disk works shares the next one. */
  async #sync(): Promise<void> {
    if (this.#isSyncing) return
    this.#isSyncing = true
    try {
      do {
        const file = this.#file
        const position = this.#position
        await file.sync()
        // The log may have been continued in another file meanwhile; that one was begun with everything before on the disk.
        this.#settle(Math.max(position, this.#synced))
      } while (this.#waiting.length > 0)
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#isSyncing = false
      for (const finished of this.#finished.splice(0)) finished.close()
    }
    if (this.#synced < this.#position && this.#failure === undefined) this.#syncSoon()
  }

  #settle(position: number): void {
    this.#synced = position
    const done = this.#waiting.filter((waiter) => waiter.position <= position)
    this.#waiting = this.#waiting.filter((waiter) => waiter.position > position)
    for (const { resolve } of done) resolve()
  }

  /** Goes on in another file. Everything so far is on the disk before `open` is called. Throws what the disk says. */
  continueIn(open: () => LogFile): void {
    this.#file.syncNow()
    const next = open()
    const before = this.#file
    this.#file = next
    this.#settle(this.#position)
    // A sync of the old file may be on its way: it is closed after that.
    if (this.#isSyncing) this.#finished.push(before)
    else before.close()
  }

  /** Puts everything on the disk and closes. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    // A failure was told to those whom it concerned.
    await this.untilSynced()?.catch(() => undefined)
    while (this.#isSyncing) await new Promise((resolve) => setImmediate(resolve))
    this.#file.close()
  }
}
