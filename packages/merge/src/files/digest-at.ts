import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { foldersAbove } from '../process/tree.ts'
import { digestOf } from './digest.ts'

/**
 * Of what is at a path of a folder now, as `digestOfEntry` makes it; `undefined` where nothing is, or where it is behind a link.
 *
 * @param root Absolute, links resolved.
 */
export function digestAt(root: string, path: string): string | undefined {
  const isReached = foldersAbove(path).every(
    (folder) => lstatSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() === true,
  )
  return isReached ? digestOfFile(join(root, path)) : undefined
}

/** The same of an absolute path. */
export function digestOfFile(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (stats.isFile()) return digestOf(readFileSync(path))
  return stats.isSymbolicLink() ? digestOf(`link ${readlinkSync(path)}`) : 'no file'
}
