import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writevSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { Files, InputFile, LogFile, OutputFile } from './files.ts'

/** The most buffers that one system call takes. Source: IOV_MAX of Linux and macOS. */
const MAX_PARTS = 1024
const dataSync = promisify(fdatasync)

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** The result of `run`, or undefined where the file or folder does not exist. */
function ifThere<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The parts that are still to be written after `written` bytes of them. */
function remaining(parts: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written
  let first = 0
  while (first < parts.length && skip >= (parts[first] as Uint8Array).length)
    skip -= (parts[first++] as Uint8Array).length
  const rest = parts.slice(first)
  return skip === 0 ? rest : [(rest[0] as Uint8Array).subarray(skip), ...rest.slice(1)]
}

function appendAll(fd: number, parts: readonly Uint8Array[]): number {
  let total = 0
  for (let from = 0; from < parts.length; from += MAX_PARTS) {
    let rest = parts.slice(from, from + MAX_PARTS)
    while (rest.length > 0) {
      const written = writevSync(fd, rest)
      total += written
      rest = [...remaining(rest, written)]
    }
  }
  return total
}

function openLog(path: string): LogFile {
  const fd = openSync(path, 'a')
  let { size } = fstatSync(fd)
  return {
    get size() {
      return size
    },
    append: (parts) => {
      try {
        size += appendAll(fd, parts)
      } catch (error) {
        size = fstatSync(fd).size
        throw error
      }
    },
    truncate: (to) => {
      ftruncateSync(fd, to)
      size = to
    },
    sync: () => dataSync(fd),
    syncNow: () => fdatasyncSync(fd),
    close: () => closeSync(fd),
  }
}

function openInput(path: string): InputFile {
  const fd = openSync(path, 'r')
  const { size } = fstatSync(fd)
  return {
    size,
    read: (at, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)))
      let done = 0
      while (done < bytes.length) {
        const count = readSync(fd, bytes, done, bytes.length - done, at + done)
        if (count === 0) return bytes.subarray(0, done)
        done += count
      }
      return bytes
    },
    close: () => closeSync(fd),
  }
}

async function create(path: string): Promise<OutputFile> {
  const handle = await open(path, 'w')
  return {
    write: async (parts) => {
      for (let from = 0; from < parts.length; from += MAX_PARTS) {
        let rest = parts.slice(from, from + MAX_PARTS)
        while (rest.length > 0) rest = [...remaining(rest, (await handle.writev(rest)).bytesWritten)]
      }
    },
    finish: async () => {
      await handle.datasync()
      await handle.close()
    },
    abandon: () => handle.close(),
  }
}

/** Written aside and linked, so that nobody ever reads half of it. */
function claim(path: string, text: string): boolean {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  writeFileSync(aside, text)
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    unlinkSync(aside)
  }
}

function syncFolder(path: string): void {
  // A folder cannot be opened on Windows; its names are safe there once the file is.
  if (process.platform === 'win32') return
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** With the folders above it. The recursive form of Node never returns where nothing can be made in an existing folder, as below /proc. */
function makeFolder(path: string): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(path)) throw error
  }
}

/** The file system of this machine. */
export const nodeFiles: Files = {
  list: (folder) => ifThere(() => readdirSync(folder)),
  makeFolder,
  readText: (path) => ifThere(() => readFileSync(path, 'utf8')),
  open: openInput,
  openLog,
  create,
  claim,
  rename: renameSync,
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  syncFolder,
}
