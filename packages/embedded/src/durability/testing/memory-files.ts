import type { Files, InputFile, LogFile, OutputFile } from '../files.ts'

type Operation =
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'make' | 'folder' | 'remove' | 'sync'; readonly path: string }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }

interface Entry {
  bytes: Buffer
  /** So much of it survives a loss of power. */
  synced: number
}

/** Says what the next write does: the error that it fails with, after so many bytes. */
export interface Fault {
  readonly code: string
  readonly afterBytes: number
}

const systemError = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${code}: ${syscall} failed`), { code, syscall })

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** A file system in memory that remembers every step, so that a test can look at it as it was after any of them. */
export class MemoryFiles implements Files {
  readonly operations: Operation[] = []
  readonly #entries = new Map<string, Entry>()
  readonly #folders = new Set<string>()
  /** Set by a test: writes fail with it from now on. */
  fault: Fault | undefined
  /** Set by a test: syncs fail with it from now on. */
  syncFault: string | undefined
  /** Set by a test: the next syncs take until this is resolved. */
  slow: Promise<void> | undefined

  #do(operation: Operation): void {
    this.operations.push(operation)
    this.#carryOut(operation)
  }

  #entry(path: string): Entry {
    const entry = this.#entries.get(path)
    if (entry === undefined) throw systemError('ENOENT', 'open')
    return entry
  }

  #carryOut(operation: Operation): void {
    const { path } = operation
    switch (operation.kind) {
      case 'write': {
        const entry = this.#entry(path)
        entry.bytes = Buffer.concat([entry.bytes, operation.bytes])
        return
      }
      case 'make':
        this.#entries.set(path, { bytes: Buffer.alloc(0), synced: 0 })
        return
      case 'folder':
        this.#folders.add(path)
        return
      case 'remove':
        for (const each of this.#entries.keys()) if (isWithin(each, path)) this.#entries.delete(each)
        for (const each of this.#folders) if (isWithin(each, path)) this.#folders.delete(each)
        return
      case 'sync': {
        const entry = this.#entry(path)
        entry.synced = entry.bytes.length
        return
      }
      case 'truncate': {
        const entry = this.#entry(path)
        entry.bytes = entry.bytes.subarray(0, operation.size)
        entry.synced = Math.min(entry.synced, operation.size)
        return
      }
      case 'rename': {
        const moved = (each: string): string => operation.to + each.slice(path.length)
        for (const [each, entry] of [...this.#entries]) {
          if (!isWithin(each, path)) continue
          this.#entries.delete(each)
          this.#entries.set(moved(each), entry)
        }
        for (const each of [...this.#folders]) {
          if (isWithin(each, path) && this.#folders.delete(each)) this.#folders.add(moved(each))
        }
      }
    }
  }

  /**
   * The files as they are when the process ends after `count` steps and `bytes` of the next one, where that is a write.
   * With `powerIsLost` what was not synced is gone as well.
   */
  after(count: number, bytes = 0, powerIsLost = false): MemoryFiles {
    const then = new MemoryFiles()
    for (const operation of this.operations.slice(0, count)) then.#carryOut(operation)
    const next = this.operations[count]
    if (next?.kind === 'write' && bytes > 0) then.#carryOut({ ...next, bytes: next.bytes.subarray(0, bytes) })
    if (powerIsLost) for (const entry of then.#entries.values()) entry.bytes = entry.bytes.subarray(0, entry.synced)
    return then
  }

  /** The bytes of a file, to be changed by a test. */
  bytesOf(path: string): Buffer {
    const entry = this.#entry(path)
    entry.bytes = Buffer.from(entry.bytes)
    return entry.bytes
  }

  put(path: string, bytes: Uint8Array): void {
    this.#entries.set(path, { bytes: Buffer.from(bytes), synced: bytes.length })
  }

  list(folder: string): readonly string[] | undefined {
    if (!this.#folders.has(folder)) return undefined
    const names = [...this.#entries.keys(), ...this.#folders]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1).split('/')[0] as string)
    return [...new Set(names)]
  }

  makeFolder(path: string): void {
    this.#do({ kind: 'folder', path })
  }

  readText(path: string): string | undefined {
    return this.#entries.get(path)?.bytes.toString('utf8')
  }

  open(path: string): InputFile {
    const { bytes } = this.#entry(path)
    return {
      size: bytes.length,
      read: (at, length) => Uint8Array.from(bytes.subarray(at, at + length)),
      close: () => undefined,
    }
  }

  #write(path: string, parts: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(parts)
    if (this.fault === undefined) return this.#do({ kind: 'write', path, bytes })
    this.#do({ kind: 'write', path, bytes: bytes.subarray(0, this.fault.afterBytes) })
    throw systemError(this.fault.code, 'write')
  }

  #sync(path: string): void {
    if (this.syncFault !== undefined) throw systemError(this.syncFault, 'fdatasync')
    this.#do({ kind: 'sync', path })
  }

  openLog(path: string): LogFile {
    if (!this.#entries.has(path)) this.#do({ kind: 'make', path })
    const entry = this.#entry(path)
    return {
      get size() {
        return entry.bytes.length
      },
      append: (parts) => this.#write(path, parts),
      truncate: (size) => this.#do({ kind: 'truncate', path, size }),
      sync: async () => {
        // As on a real disk, commands come in between.
        await (this.slow ?? new Promise(setImmediate))
        if (this.#entries.get(path) === entry) this.#sync(path)
      },
      syncNow: () => this.#sync(path),
      close: () => undefined,
    }
  }

  create(path: string): Promise<OutputFile> {
    this.#do({ kind: 'make', path })
    return Promise.resolve({
      write: async (parts) => {
        await new Promise(setImmediate)
        this.#write(path, parts)
      },
      finish: () => Promise.resolve(this.#sync(path)),
      abandon: () => Promise.resolve(),
    })
  }

  claim(path: string, text: string): boolean {
    if (this.#entries.has(path)) return false
    // The real one links a file that is written already: never half of it.
    this.operations.push({ kind: 'make', path }, { kind: 'write', path, bytes: Buffer.from(text) })
    this.put(path, Buffer.from(text))
    return true
  }

  rename(from: string, to: string): void {
    if (this.#folders.has(to) && this.list(to)?.length !== 0) throw systemError('ENOTEMPTY', 'rename')
    this.#do({ kind: 'rename', path: from, to })
  }

  remove(path: string): void {
    this.#do({ kind: 'remove', path })
  }

  syncFolder(): void {
    // Names are kept at once here.
  }
}
