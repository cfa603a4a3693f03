import { lstatSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf, digestOfFileWith } from './digest.ts'
import { readRegular } from './read-regular.ts'
import { statsAt } from './stats-at.ts'

/** Of a folder, or of what is no file at all. */
export const NO_FILE = 'no file'

/**
 * Of what is at a path of a folder now, as `digestOfEntry` makes it; `undefined` where nothing is, or where it is behind a link.
 *
 * @param root Absolute, links resolved.
 */
export function digestAt(root: string, path: string): string | undefined {
  return statsAt(root, path) === undefined ? undefined : digestOfFile(join(root, path))
}

/** The same of an absolute path. */
export function digestOfFile(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (stats.isFile()) {
    const bytes = readRegular(path)
    return bytes === undefined ? NO_FILE : digestOfFileWith(bytes, (stats.mode & 0o111) !== 0)
  }
  return stats.isSymbolicLink() ? digestOf(`link ${readlinkSync(path)}`) : NO_FILE
}
