import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FolderKind, RawFile, RepositoryFiles } from '@stage0/core'
import { err, ok, type Problem, type Result } from '@stage0/types'
import { byCodePoints } from './code-points.ts'
import { isInside } from './is-inside.ts'
import { inPool } from './pool.ts'
import { readEntry, type EntryContext } from './read-entry.ts'
import type { Settings } from './settings/load-settings.ts'
import { systemCode, systemReason } from './system-error.ts'

/** How many files are open at once: enough to keep a disk busy, far below any limit on open files. */
const FILES_AT_ONCE = 16
const BYTES_PER_MIB = 1_048_576

export interface WorkspaceOptions {
  /** The name of each folder inside the repository: a plain name, each another one, as `loadSettings` makes sure. */
  readonly folders: Readonly<Record<FolderKind, string>>
  /** Larger files are reported and not read. */
  readonly maxFileBytes: number
}

export const workspaceOptions = (settings: Settings): WorkspaceOptions => ({
  folders: {
    configurations: settings.CONFIGURATION_FOLDER.value,
    dictionaries: settings.DICTIONARY_FOLDER.value,
    types: settings.TYPE_FOLDER.value,
    enumerators: settings.ENUMERATOR_FOLDER.value,
    test_data: settings.TEST_DATA_FOLDER.value,
    migrations: settings.MIGRATIONS_FOLDER.value,
  },
  maxFileBytes: settings.MAX_FILE_MB.value * BYTES_PER_MIB,
})

/**
 * Reads a configuration repository in one pass: each file once, in code point order. What cannot be read is among the
 * problems of the result; only a folder that is no repository at all is an error (REPOSITORY_NOT_FOUND,
 * REPOSITORY_EMPTY, FILE_UNREADABLE).
 */
export async function readWorkspace(
  folder: string,
  options: WorkspaceOptions,
): Promise<Result<RepositoryFiles, Problem[]>> {
  const root = await findRoot(folder)
  if (!root.ok) return err([root.error])
  const found = await Promise.all(
    Object.entries(options.folders).map(([kind, name]) => listFolder(root.value, kind as FolderKind, name)),
  )
  const present = found.filter((list) => list !== undefined)
  if (present.length === 0) return err([emptyProblem(folder, options)])
  const context: EntryContext = { root: root.value, maxFileBytes: options.maxFileBytes }
  const entries = present.flatMap((list) => list.names.map((name) => ({ kind: list.kind, folder: list.folder, name })))
  const read = await inPool(entries, FILES_AT_ONCE, (entry) => readEntry(context, entry))
  const files: RawFile[] = []
  const problems: Problem[] = present.flatMap((list) => list.problems)
  for (const outcome of read) {
    if (outcome?.ok === true) files.push(outcome.value)
    else if (outcome !== undefined) problems.push(outcome.error)
  }
  return ok({ files, problems })
}

async function findRoot(folder: string): Promise<Result<string, Problem>> {
  try {
    const root = await realpath(folder)
    if ((await stat(root)).isDirectory()) return ok(root)
    return err(rootProblem(folder, 'ENOTDIR'))
  } catch (thrown) {
    return err(rootProblem(folder, systemCode(thrown)))
  }
}

function rootProblem(folder: string, code: string): Problem {
  const hint = 'Name an existing folder with --repository or INPUT_FOLDER.'
  const why = code === 'ENOTDIR' ? 'it is not a folder' : systemReason(code)
  const unreadable = code === 'EACCES' || code === 'EPERM'
  const text = `The configuration repository ${folder} cannot be read: ${why}.`
  return { code: unreadable ? 'FILE_UNREADABLE' : 'REPOSITORY_NOT_FOUND', severity: 'error', text, hint }
}

function emptyProblem(folder: string, { folders }: WorkspaceOptions): Problem {
  const text = `${folder} is not a configuration repository: it has none of the folders ${Object.values(folders).join(', ')}.`
  const hint = 'Point --repository or INPUT_FOLDER at the folder that contains them.'
  return { code: 'REPOSITORY_EMPTY', severity: 'error', text, hint }
}

interface FolderList {
  readonly kind: FolderKind
  readonly folder: string
  readonly names: readonly string[]
  readonly problems: readonly Problem[]
}

/** The names in one folder; `undefined` when the folder is not there, which is as good as empty. */
async function listFolder(root: string, kind: FolderKind, folder: string): Promise<FolderList | undefined> {
  const refuse = (code: 'FILE_UNREADABLE' | 'FILE_REFUSED', why: string): FolderList => {
    const text = `The folder ${folder} cannot be read: ${why}.`
    const hint = 'Replace it by a readable folder, or remove it.'
    return { kind, folder, names: [], problems: [{ code, severity: 'error', file: folder, text, hint }] }
  }
  const path = join(root, folder)
  try {
    if (!isInside(root, await realpath(path))) return refuse('FILE_REFUSED', 'it is a link that leaves the repository')
    return { kind, folder, names: byCodePoints(await readdir(path)), problems: [] }
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code === 'ENOENT' && !(await isBrokenLink(root, folder))) return undefined
    return refuse('FILE_UNREADABLE', code === 'ENOTDIR' ? 'it is not a folder' : systemReason(code))
  }
}

const isBrokenLink = async (root: string, folder: string): Promise<boolean> => (await readdir(root)).includes(folder)
