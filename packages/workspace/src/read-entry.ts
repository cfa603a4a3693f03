import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, realpath, stat, type FileHandle } from 'node:fs/promises'
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
      const text = `The file has ${inMib(size)} MiB, more than the ${inMib(context.maxFileBytes)} that MAX_FILE_MB allows.`
      return refuse('FILE_TOO_LARGE', text, 'Split it, or raise MAX_FILE_MB.')
    }
    const bytes = await handle.readFile()
    const file = decode(bytes, entry, path)
    const looksLike = isUtf16(bytes) ? 'The file is UTF-16, not UTF-8.' : 'The file is not valid UTF-8.'
    return file ?? refuse('FILE_NOT_UTF8', looksLike, 'Save it as UTF-8.')
  } catch (thrown) {
    const code = systemCode(thrown)
    if (!counts) return ignore()
    if (entry.name.includes(NOT_UTF8)) {
      return refuse(
        'FILE_NAME_INVALID',
        'The file name is not valid UTF-8, so the file cannot be opened.',
        'Rename the file.',
      )
    }
    if (code === 'ENOENT' && !(await isLink(context, entry))) {
      return refuse('FILE_UNREADABLE', 'The file vanished while the folder was read.', 'Try again.')
    }
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

/** What stands in a name for bytes that are no UTF-8. */
const NOT_UTF8 = '\ufffd'

async function isLink({ root }: EntryContext, { folder, name }: Entry): Promise<boolean> {
  try {
    return (await lstat(join(root, folder, name))).isSymbolicLink()
  } catch (thrown) {
    systemCode(thrown)
    return false
  }
}

const isUtf16 = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)

/** Rounded up to two digits, so that what is a byte above a limit is not shown as equal to it. */
const inMib = (bytes: number): string => String(Math.ceil((bytes / BYTES_PER_MIB) * 100) / 100)

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
