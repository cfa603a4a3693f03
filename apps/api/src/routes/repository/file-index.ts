import { compareStrings } from '@stage0/bson-schema'
import type { RawFile } from '@stage0/core'
import { FileKind, type Problem, type ProblemCounts } from '@stage0/types'
import { workspaceOptions, type Settings, type Snapshot } from '@stage0/workspace'

/** One file of the repository, also one that could not be read. */
export interface FileEntry {
  readonly kind: FileKind
  readonly name: string
  /** Relative to the repository, with "/". */
  readonly path: string
  /** Absent where the file is there, but could not be read. */
  readonly raw: RawFile | undefined
  /** It cannot be used: one of `problems` says why. */
  readonly broken: boolean
  readonly problems: readonly Problem[]
}

/** Every file by kind and name, in code point order: names of requests are looked up here and never become a path of the disk (W-35). */
export type FileIndex = Readonly<Record<FileKind, ReadonlyMap<string, FileEntry>>>

export const FILE_KINDS: readonly FileKind[] = FileKind.anyOf.map(({ const: kind }) => kind)

const kept = new WeakMap<Snapshot, FileIndex>()

/** @param settings Those that the snapshot was read with: they name the folders. */
export function fileIndex(snapshot: Snapshot, settings: Settings): FileIndex {
  const found = kept.get(snapshot)
  if (found !== undefined) return found
  const index = buildIndex(snapshot, workspaceOptions(settings).folders)
  kept.set(snapshot, index)
  return index
}

function buildIndex(snapshot: Snapshot, folders: Readonly<Record<FileKind, string>>): FileIndex {
  const problems = byFile(snapshot.problems)
  const entryOf = (kind: FileKind, name: string, path: string, raw: RawFile | undefined): FileEntry => {
    const broken = snapshot.repository.broken.has(path)
    return { kind, name, path, raw, broken, problems: problems.get(path) ?? [] }
  }
  const entries = snapshot.files.map((raw) => entryOf(raw.folder, raw.name, raw.path, raw))
  const read = new Set(snapshot.files.map(({ path }) => path))
  for (const path of snapshot.repository.broken) {
    const kind = FILE_KINDS.find((each) => path.startsWith(`${folders[each]}/`))
    if (kind !== undefined && !read.has(path)) {
      entries.push(entryOf(kind, path.slice(folders[kind].length + 1), path, undefined))
    }
  }
  entries.sort((a, b) => compareStrings(a.name, b.name))
  const ofKind = (kind: FileKind): ReadonlyMap<string, FileEntry> =>
    new Map(entries.filter((entry) => entry.kind === kind).map((entry) => [entry.name, entry]))
  return {
    configurations: ofKind('configurations'),
    dictionaries: ofKind('dictionaries'),
    types: ofKind('types'),
    enumerators: ofKind('enumerators'),
    test_data: ofKind('test_data'),
    migrations: ofKind('migrations'),
  }
}

function byFile(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const lists = new Map<string, Problem[]>()
  for (const problem of problems) {
    if (problem.file === undefined) continue
    const list = lists.get(problem.file)
    if (list === undefined) lists.set(problem.file, [problem])
    else list.push(problem)
  }
  return lists
}

export const countProblems = (problems: readonly Problem[]): ProblemCounts => ({
  errors: problems.filter(({ severity }) => severity === 'error').length,
  warnings: problems.filter(({ severity }) => severity === 'warning').length,
})
