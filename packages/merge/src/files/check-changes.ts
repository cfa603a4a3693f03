import { accessSync, constants, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../problem.ts'
import { foldersAbove } from '../process/tree.ts'
import type { Changes } from './changes.ts'
import { filesBelow } from './files-below.ts'
import { statsAt } from './stats-at.ts'
import { reasonOf } from './system.ts'

/** Why these changes cannot be made in a folder. Nothing is changed by asking. */
export function checkChanges(root: string, { puts, removes, removesFolders }: Changes): readonly Problem[] {
  const look = new Look(root, new Set(removes))
  for (const path of puts.keys()) look.target(path, 'written')
  for (const path of removes) look.target(path, 'removed')
  for (const path of removesFolders) look.goes(path)
  return look.problems
}

class Look {
  readonly problems: Problem[] = []
  readonly #root: string
  readonly #device: number
  /** Folders that were looked at, and whether something can be done in them. */
  readonly #seen = new Map<string, boolean>()

  /** What is there now, and will not be. */
  readonly #removes: ReadonlySet<string>

  constructor(root: string, removes: ReadonlySet<string>) {
    this.#root = root
    this.#removes = removes
    this.#device = lstatSync(root).dev
    this.#seen.set('', this.#mayWrite('', root))
  }

  target(path: string, act: 'written' | 'removed'): void {
    if (!this.#around(path, act)) return
    const stats = statsAt(this.#root, path)
    if (stats?.isDirectory() === true && !isEmptied(this.#root, path, this.#removes))
      this.#report('MERGE_OUTPUT_INVALID', path, `${path} is a folder`)
  }

  /** A folder that goes: everything in it has to be removable. */
  goes(path: string): void {
    const absolute = join(this.#root, path)
    if (lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() !== true) return
    for (const entry of readdirSync(absolute, { withFileTypes: true, recursive: true }))
      if (entry.isDirectory()) this.#mayWrite(path, join(entry.parentPath, entry.name))
    this.#mayWrite(path, absolute)
  }

  /** Looks at the folders around a path, the outermost first. */
  #around(path: string, act: string): boolean {
    for (const folder of [...foldersAbove(path)].reverse()) {
      const known = this.#seen.get(folder)
      if (known === false) return false
      if (known === true) continue
      const absolute = join(this.#root, folder)
      const stats = lstatSync(absolute, { throwIfNoEntry: false })
      // It will be made, and what is in it as well.
      if (stats === undefined || (this.#removes.has(folder) && !stats.isDirectory())) return true
      this.#seen.set(folder, this.#isUsable(path, folder, absolute, act, stats))
      if (this.#seen.get(folder) === false) return false
    }
    return true
  }

  #isUsable(path: string, folder: string, absolute: string, act: string, stats: ReturnType<typeof lstatSync>): boolean {
    if (stats?.isSymbolicLink() === true) {
      this.#report('MERGE_OUTPUT_OUTSIDE', path, `${path} cannot be ${act}: ${folder} is a symbolic link`)
      return false
    }
    if (stats?.isDirectory() !== true) {
      this.#report('MERGE_OUTPUT_INVALID', path, `${path} cannot be ${act}: ${folder} is not a folder`)
      return false
    }
    if (stats.dev !== this.#device) {
      this.#report('MERGE_OUTPUT_UNUSABLE', path, `${path} cannot be ${act}: ${folder} is on another file system`)
      return false
    }
    return this.#mayWrite(path, absolute)
  }

  #mayWrite(path: string, folder: string): boolean {
    try {
      accessSync(folder, constants.W_OK | constants.X_OK)
      return true
    } catch (thrown) {
      this.#report('MERGE_OUTPUT_UNUSABLE', path, `${folder} cannot be written to: ${reasonOf(thrown)}`)
      return false
    }
  }

  #report(code: Problem['code'], path: string, message: string): void {
    this.problems.push({ code, message: `${message}.`, ...(path === '' ? {} : { at: { file: path } }) })
  }
}

/** Whether a folder is there in which everything is among what is removed. What is neither folder nor file does not make room. */
export const isEmptied = (root: string, folder: string, removes: ReadonlySet<string>): boolean =>
  statsAt(root, folder)?.isDirectory() === true && filesBelow(root, folder).every((path) => removes.has(path))
