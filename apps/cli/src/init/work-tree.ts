import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'

/** A git work tree that a folder is a part of, without being its root. */
export interface WorkTree {
  /** Absolute, links resolved. */
  readonly root: string
  /** The folder as seen from the root, with `/`. */
  readonly path: string
}

/**
 * The git work tree around a folder, found as git finds it: the next folder above that has a `.git`. `undefined` where there is none,
 * and where the folder has its own.
 *
 * @param folder Absolute; it or the folder that it is to be in exists.
 */
export function workTreeAround(folder: string): WorkTree | undefined {
  const place = existsSync(folder) ? realpathSync(folder) : join(realpathSync(dirname(folder)), basename(folder))
  if (existsSync(join(place, '.git'))) return undefined
  for (let root = dirname(place); ; root = dirname(root)) {
    if (isRoot(root)) return { root, path: relative(root, place).split(sep).join('/') }
    if (dirname(root) === root) return undefined
  }
}

/** A repository of its own, or a file that leads to one: of a submodule, or of a work tree beside the first. */
function isRoot(folder: string): boolean {
  const git = statSync(join(folder, '.git'), { throwIfNoEntry: false })
  return git !== undefined && (git.isFile() || existsSync(join(folder, '.git/HEAD')))
}
