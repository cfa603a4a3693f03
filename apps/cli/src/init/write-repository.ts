import { basename, dirname } from 'node:path'
import type { Maker } from '@stage0/merge'
import { err, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'
import { visible } from '../terminal/visible.ts'
import { becomeFolder, isAtWork, isWhole, placeInto, remove, stage, stagesIn } from './staging.ts'
import { reasonOf, refuseTaken, statsAt, unusable, type Target } from './target.ts'
import type { TreeFile } from './trees.ts'

/**
 * Writes all files or none. A new folder appears with everything in it. Into a folder that is there they are put one by one when
 * all of them are on the disk; what a process that is killed meanwhile leaves, `finishFormer` brings to an end.
 *
 * @returns `INIT_FILES_EXIST`, or `INIT_FOLDER_UNUSABLE` with what the system says; then everything is as it was.
 */
export function writeRepository(target: Target, files: readonly TreeFile[]): Result<void, Failure> {
  const paths = files.map(({ path }) => path)
  const free = refuseTaken(target, paths)
  if (!free.ok) return free
  const { folder } = target
  const isNew = target.kind === 'new'
  try {
    if (isNew) removeFormer(dirname(folder))
    const staged = isNew ? stage(dirname(folder), 'new', files) : stage(folder, 'into', files)
    try {
      if (isNew) becomeFolder(staged, folder)
      else placeInto(staged, folder)
    } finally {
      remove(staged)
    }
    return ok(undefined)
  } catch (error) {
    return err(unusable(folder, reasonOf(error)))
  }
}

/**
 * Brings to an end what an init began in this folder that was killed: puts the files that are missing, where all were on the disk
 * already. Otherwise nothing had been put, and what is left goes away.
 *
 * @returns Whether there were files to put; `INIT_FOLDER_UNUSABLE` where that init is still at work.
 */
export function finishFormer(folder: string): Result<boolean, Failure> {
  let isFinished = false
  try {
    if (statsAt(folder)?.isDirectory() !== true) return ok(false)
    for (const former of stagesIn(folder, 'into')) {
      if (isAtWork(former)) return err(unusable(folder, atWork(former)))
      if (isWhole(former)) {
        placeInto(former, folder, true)
        isFinished = true
      }
      remove(former)
    }
    return ok(isFinished)
  } catch (error) {
    return err(unusable(folder, reasonOf(error)))
  }
}

/** With the name of what to remove, which nobody sees unasked. */
const atWork = ({ path, maker }: { readonly path: string; readonly maker: Maker }): string =>
  `process ${maker.pid} is making one there, in ${visible(basename(path))}; remove that folder if no init is at work, also on no other machine`

/** What is left of folders that never came to be. One that may not be removed is somebody else's. */
function removeFormer(parent: string): void {
  for (const former of stagesIn(parent, 'new')) {
    if (isAtWork(former)) continue
    try {
      remove(former)
    } catch (error) {
      reasonOf(error)
    }
  }
}
