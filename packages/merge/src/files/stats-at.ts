import { lstatSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { foldersAbove } from '../process/tree.ts'

/** Of what is at a path of a folder; `undefined` where nothing is, or where it is behind a link or below a file. */
export function statsAt(root: string, path: string): Stats | undefined {
  const isReached = [...foldersAbove(path)]
    .reverse()
    .every((folder) => lstatSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() === true)
  return isReached ? lstatSync(join(root, path), { throwIfNoEntry: false }) : undefined
}
