import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { isPlainFileName, type FolderKind, type RawFile } from '@stage0/core'
import { err, ok, type ErrorCode, type Problem, type Result } from '@stage0/types'
import { isInside } from './is-inside.ts'
import { systemCode, systemReason } from './system-error.ts'

const COUNTS = /\.(?:yaml|yml|json)$/i
const BYTES_PER_MIB = 1_048_576

export interface EntryContext {
  /** The repository, links resolved. */
  readonly root: string
  readonly maxFileBytes: number
}

export interface Entry {
  readonly kind: FolderKind
  readonly folder: string
  readonly name: string
}

/** One entry of a folder: the file, or why it is not read; `undefined` for a sub-folder, which means nothing here. */
export async function readEntry(context: EntryContext, entry: Entry): Promise<Result<RawFile, Problem> | undefined> {
  const path = `${entry.folder}/${entry.name}`
  const refuse = (code: ErrorCode, text: string, hint: string): Result<never, Problem> =>
    err({ code, severity: code === 'FILE_IGNORED' ? 'notice' : 'error', file: path, text, hint })
  const counts = COUNTS.test(entry.name) && !entry.name.startsWith('.')
  const ignore = (): Result<never, Problem> =>
    refuse('FILE_IGNORED', 'Not a file of the repository; it is ignored.', IGNORED_HINT)
  let handle: FileHandle | undefined
  try {
    const real = await realpath(join(context.root, entry.folder, entry.name))
    const inside = isInside(context.root, real)
    const stats = inside ? await stat(real) : undefined
    if (stats?.isDirectory() === true) return undefined
    if (!counts) return ignore()
    if (stats === undefined) {
      return refuse(
        'FILE_REFUSED',
        'The symbolic link leaves the repository; it is not followed.',
        'Replace it by a file.',
      )
    }
    if (!stats.isFile())
      return refuse('FILE_REFUSED', `It is ${kindOf(stats)}, not a file; it is not read.`, 'Remove it.')
    if (!isPlainFileName(entry.name)) {
      const text = 'The file name has control characters, or is longer than 200 characters.'
      return refuse('FILE_NAME_INVALID', text, 'Rename the file.')
    }
    // Without waiting: should a pipe have taken its place just now, opening it would wait for a writer.
    handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK)
    const { size } = await handle.stat()
    if (size > context.maxFileBytes) {
      const text = `The file has ${inMib(size)} MiB, more than MAX_FILE_MB allows (${inMib(context.maxFileBytes)}).`
      return refuse('FILE_TOO_LARGE', text, 'Split it, or raise MAX_FILE_MB.')
    }
    const file = decode(await handle.readFile(), entry, path)
    return file ?? refuse('FILE_NOT_UTF8', 'The file is not valid UTF-8.', 'Save it as UTF-8.')
  } catch (thrown) {
    const code = systemCode(thrown)
    if (!counts) return ignore()
    if (code === 'ENOENT' || code === 'ELOOP') {
      return refuse('FILE_REFUSED', `The symbolic link leads nowhere: ${systemReason(code)}.`, 'Remove or repair it.')
    }
    return refuse(
      'FILE_UNREADABLE',
      `The file cannot be read: ${systemReason(code)}.`,
      'Check its permissions and links.',
    )
  } finally {
    await handle?.close()
  }
}

const IGNORED_HINT = 'Only names ending in .yaml, .yml or .json count, and no dot files.'

const inMib = (bytes: number): string => String(Math.round((bytes / BYTES_PER_MIB) * 10) / 10)

function decode(bytes: Buffer, { kind, name }: Entry, path: string): Result<RawFile, never> | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (thrown) {
    if (systemCode(thrown) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return undefined
    throw thrown
  }
  return ok({ folder: kind, name, path, text, hash: createHash('sha256').update(bytes).digest('hex') })
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}
