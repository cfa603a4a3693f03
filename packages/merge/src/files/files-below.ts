import { lstatSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** What is below a folder and is none itself, relative to the root, with `/`. Nothing where it is no folder. */
export function filesBelow(root: string, folder: string): readonly string[] {
  if (lstatSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

/** A folder and those in it, relative to the root, with `/`, each behind those in it. Nothing where it is no folder. */
export function foldersIn(root: string, folder: string): readonly string[] {
  if (lstatSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() !== true) return []
  const inside = readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => foldersIn(root, `${folder}/${name}`))
  return [...inside, folder]
}
