import {
  mdiAlertCircleOutline,
  mdiDatabaseOutline,
  mdiFileDocumentOutline,
  mdiFormatListBulletedType,
  mdiPlayCircleOutline,
  mdiTagOutline,
  mdiVariable,
} from '@mdi/js'
import type { CollectionRow, Enumeration, Graph, RunSummary, SchemaNode } from '@stage0/types'
import type { PaletteEntry } from '@stage0/vue-kit'
import { runMark } from '../shared/marks.ts'
import { fileOf, paths, placePath } from '../shared/paths.ts'

/** Everything that can be gone to by name; what is not known yet is absent. */
export interface PaletteSources {
  readonly collections?: readonly CollectionRow[] | undefined
  readonly graph?: Graph | undefined
  readonly enumerations?: readonly Enumeration[] | undefined
  readonly runs?: readonly RunSummary[] | undefined
  /** The version that is looked at: its properties. */
  readonly schema?:
    { readonly name: string; readonly version: string; readonly nodes: readonly SchemaNode[] } | undefined
}

/** Names of the groups, in the language of the reader. */
export type GroupNames = Readonly<
  Record<'collections' | 'files' | 'enumerators' | 'runs' | 'properties' | 'problems', string>
>

/** Entries of the palette: collections first, then what is on the page, then the rest. */
export function paletteEntries(sources: PaletteSources, group: GroupNames): readonly PaletteEntry[] {
  const { collections = [], graph, enumerations = [], runs = [], schema } = sources
  return [
    ...collections.flatMap((row) => collectionEntries(row, group)),
    ...(schema?.nodes ?? [])
      .filter(({ path }) => path !== '')
      .map((node): PaletteEntry => ({
        id: `property ${node.path}`,
        label: `${schema?.name ?? ''}${node.path}`,
        detail: node.description,
        group: group.properties,
        icon: mdiVariable,
        to: paths.version(schema?.name ?? '', schema?.version ?? '', 'schema', { node: node.path }),
      })),
    ...enumerations.flatMap(({ name, versions }) =>
      versions.map(({ version }): PaletteEntry => ({
        id: `enumerator ${name} ${String(version)}`,
        label: `${name} ${String(version)}`,
        group: group.enumerators,
        icon: mdiFormatListBulletedType,
        to: paths.enumeration(version, name),
      })),
    ),
    ...(graph?.nodes ?? []).flatMap(({ file }) => (file === undefined ? [] : fileEntry(file, group))),
    ...runs.map((run): PaletteEntry => ({
      id: `run ${run.run_id}`,
      label: run.run_id,
      detail: runMark(run.status).label,
      group: group.runs,
      icon: mdiPlayCircleOutline,
      to: paths.run(run.run_id),
    })),
  ]
}

function collectionEntries(row: CollectionRow, group: GroupNames): readonly PaletteEntry[] {
  const { name, description, newest, recorded, problems, file } = row
  const version = (of: string): PaletteEntry => ({
    id: `version ${name} ${of}`,
    label: `${name} ${of}`,
    group: group.collections,
    icon: mdiTagOutline,
    to: paths.version(name, of),
  })
  const versions = new Set([newest, ...row.pending, recorded].filter((of) => of !== undefined))
  return [
    {
      id: `collection ${name}`,
      label: name,
      detail: description,
      group: group.collections,
      icon: mdiDatabaseOutline,
      to: paths.collection(name),
    },
    ...[...versions].map(version),
    ...(problems.errors > 0 && file !== undefined
      ? [
          {
            id: `problems ${name}`,
            label: name,
            group: group.problems,
            icon: mdiAlertCircleOutline,
            to: paths.problems({ file }),
          },
        ]
      : []),
  ]
}

function fileEntry(path: string, group: GroupNames): readonly PaletteEntry[] {
  const to = fileOf(path) === undefined ? undefined : placePath({ file: path })
  return to === undefined
    ? []
    : [{ id: `file ${path}`, label: path, group: group.files, icon: mdiFileDocumentOutline, to }]
}

/** Entries whose label or detail has every word, those whose name begins with the query first; at most `limit`. */
export function searchEntries(entries: readonly PaletteEntry[], query: string, limit: number): readonly PaletteEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const found = entries.filter(({ label, detail = '' }) => {
    const text = `${label} ${detail}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const first = words[0] ?? ''
  const rank = ({ label }: PaletteEntry): number => {
    const at = label.toLowerCase().indexOf(first)
    return at < 0 ? 2 : at === 0 ? 0 : 1
  }
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit)
}
