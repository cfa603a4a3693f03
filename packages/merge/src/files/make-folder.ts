import { mkdirSync, realpathSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, ok, type Result } from '../problem.ts'
import type { Product } from '../process/product.ts'
import { changeFolder } from './change-folder.ts'
import { isInside } from './open-template.ts'
import { settle, settleFolder } from './settle.ts'
import { attemptRemoval, makeStage, removeLeftBehind, removeStage, type Stage } from './stage.ts'
import { reasonOf, systemCode } from './system.ts'
import type { Target } from './target.ts'
import { writeTree } from './write-entry.ts'

const TREE = 'product'

/** A folder with everything that is to be in it. */
export interface NewFolder {
  readonly target: Target
  /** Folders of the template, which may be empty. */
  readonly folders: readonly string[]
  readonly product: Product
  /** Where the person stands: that folder is filled and not replaced, since a shell would stay in the former one. */
  readonly standsIn: string
}

/**
 * Makes a folder that is there with everything in it or not at all: it is written beside its place, and named when it is on the disk.
 * A folder that cannot be replaced is filled, as one that has `.git` already is.
 *
 * @returns `MERGE_OUTPUT_UNUSABLE`, with nothing changed; what `changeFolder` returns where the folder is filled.
 */
export function makeProduct(
  { target, folders, product, standsIn }: NewFolder,
  onWritten: () => void = () => undefined,
): Result<void> {
  const fill = (): Result<void> =>
    changeFolder(target.folder, { puts: product, removes: [], removesFolders: [], was: new Map() }, onWritten)
  if (target.kind === 'git' || (target.kind === 'empty' && standsInside(target.folder, standsIn))) return fill()
  const parent = dirname(target.folder)
  let stage: Stage | undefined
  try {
    removeLeftBehind(parent)
    stage = makeStage(parent, 'new', process.pid)
    const tree = join(stage.path, TREE)
    mkdirSync(tree, 0o755)
    writeTree(tree, folders, product, onWritten)
    settle(stage.path, product.size)
    renameSync(tree, target.folder)
    settleFolder(parent)
    removeStage(stage)
    return ok(undefined)
  } catch (thrown) {
    const code = systemCode(thrown)
    const why = reasonOf(thrown)
    if (stage !== undefined) attemptRemoval(stage)
    if (target.kind === 'empty' && CANNOT_REPLACE.has(code)) return fill()
    return fail({
      code: 'MERGE_OUTPUT_UNUSABLE',
      message: `The product cannot be made in ${target.folder}: ${why}. Nothing was changed.`,
    })
  }
}

/** A way there through links leads to the same folder. */
function standsInside(folder: string, standsIn: string): boolean {
  try {
    return isInside(folder, realpathSync(standsIn))
  } catch (thrown) {
    systemCode(thrown)
    return true
  }
}

/** A folder that another one is mounted on, or that is in one where nothing can be made. */
const CANNOT_REPLACE = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS', 'EEXIST'])
