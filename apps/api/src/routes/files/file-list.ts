import { Type, type Static } from 'typebox'
import { compareStrings } from '@stage0/bson-schema'
import { countUsages } from '@stage0/core'
import type { FileInfo, FileKind } from '@stage0/types'
import type { Settings, Snapshot } from '@stage0/workspace'
import { countProblems, fileIndex, type FileEntry } from '../repository/file-index.ts'
import { holdsText, LIST_QUERY, pageOf, type ListHeaders } from '../repository/list-query.ts'
import { perSnapshot, Recent } from '../repository/memo.ts'
import type { ListText } from '../repository/written.ts'

export const FileQuery = Type.Object({
  ...LIST_QUERY,
  sort: Type.Optional(
    Type.Enum(['name', '-name', 'size', '-size', 'used_by', '-used_by'], {
      description: 'Ascending, or descending with "-"; by name without it',
    }),
  ),
})
export type FileQuery = Static<typeof FileQuery>

/** Texts of lists that are kept per snapshot, in characters. */
const MAX_KEPT = 8 * 1_048_576
const infos = perSnapshot(() => new Map<FileKind, readonly FileInfo[]>())
const lists = perSnapshot(() => new Recent<ListText>(MAX_KEPT, ({ text }) => text.length))

/** The files of a kind, also those that cannot be used (W-43), as JSON. */
export function fileList(
  snapshot: Snapshot,
  settings: Settings,
  kind: FileKind,
  query: FileQuery,
  headers: ListHeaders,
): ListText {
  const key = JSON.stringify([kind, query, headers.offset, headers.limit])
  return lists(snapshot).get(key, () => {
    const all = fileInfos(snapshot, settings, kind)
    const found = all.filter(({ file_name: name }) => holdsText([name], query.q))
    const sorted = query.sort === undefined ? found : [...found].sort(ORDER[query.sort])
    return { text: JSON.stringify(pageOf(sorted, query, headers)), total: found.length }
  })
}

type Order = (a: FileInfo, b: FileInfo) => number

const byName: Order = (a, b) => compareStrings(a.file_name, b.file_name)
const bySize: Order = (a, b) => (a.size ?? -1) - (b.size ?? -1) || byName(a, b)
const byUses: Order = (a, b) => a.used_by - b.used_by || byName(a, b)
const reversed =
  (order: Order): Order =>
  (a, b) =>
    order(b, a)

const ORDER: Readonly<Record<NonNullable<FileQuery['sort']>, Order>> = {
  name: byName,
  '-name': reversed(byName),
  size: bySize,
  '-size': reversed(bySize),
  used_by: byUses,
  '-used_by': reversed(byUses),
}

function fileInfos(snapshot: Snapshot, settings: Settings, kind: FileKind): readonly FileInfo[] {
  const known = infos(snapshot)
  const found = known.get(kind)
  if (found !== undefined) return found
  const locked = lockedPaths(snapshot)
  const made = [...fileIndex(snapshot, settings)[kind].values()].map((entry) => infoOf(snapshot, entry, locked))
  known.set(kind, made)
  return made
}

const infoOf = (snapshot: Snapshot, entry: FileEntry, locked: ReadonlySet<string>): FileInfo => ({
  kind: entry.kind,
  file_name: entry.name,
  path: entry.path,
  // The text was decoded strictly, its byte order mark kept: it has as many bytes as the file.
  ...(entry.raw && { size: Buffer.byteLength(entry.raw.text), hash: entry.raw.hash }),
  locked: locked.has(entry.path),
  broken: entry.broken,
  problems: countProblems(entry.problems),
  used_by: countUsages(snapshot.repository, entry.kind, entry.name),
})

const lockedPaths = perSnapshot(({ repository }): ReadonlySet<string> => {
  const { configurations, dictionaries, types, enumerators } = repository
  const lockable = [...configurations.values(), ...dictionaries.values(), ...types.values(), ...enumerators.values()]
  return new Set(lockable.filter(({ locked }) => locked).map(({ at }) => at.file.path))
})
