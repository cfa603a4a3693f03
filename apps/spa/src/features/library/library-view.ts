import type { FileInfo } from '@stage0/types'
import { paths } from '../../shared/paths.ts'

/** A file as a row of the library. */
export interface FileLine {
  /** Without ".yaml": how other files name it. JSON files keep their ending, as configurations write it. */
  readonly name: string
  readonly path: string
  /** Bytes; undefined where the file could not be read. */
  readonly size: number | undefined
  readonly locked: boolean
  readonly broken: boolean
  readonly errors: number
  readonly warnings: number
  readonly usedBy: number
}

export const fileLine = (file: FileInfo): FileLine => ({
  name: file.file_name.replace(/\.yaml$/, ''),
  path: paths.file(file.kind, file.file_name),
  size: file.size,
  locked: file.locked,
  broken: file.broken,
  errors: file.problems.errors,
  warnings: file.problems.warnings,
  usedBy: file.used_by,
})

/** A dictionary of one version of a collection, "user.1.0.0.yaml", is no shared schema (format.md 1.1). */
export const isShared = (fileName: string): boolean => !/\.\d+\.\d+\.\d+\.yaml$/.test(fileName)

/** Lines whose name contains every word of the query. */
export function withWords<Line extends { readonly name: string }>(
  lines: readonly Line[],
  query: string,
): readonly Line[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return lines.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
}

/** What a file is sorted by. */
export function sortValue(file: FileLine, key: string): string | number | undefined {
  switch (key) {
    case 'usedBy':
      return file.usedBy
    case 'problems':
      return file.errors * 1_000_000 + file.warnings
    case 'size':
      return file.size
    default:
      return file.name
  }
}
