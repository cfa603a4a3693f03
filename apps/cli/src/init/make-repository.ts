import { resolve } from 'node:path'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import { choose, type Given } from './choose.ts'
import { planFiles } from './plan-files.ts'
import { askText, askYes } from './questions.ts'
import { shown, type Report } from './report.ts'
import { lookAtTarget, refuseTaken } from './target.ts'
import { workTreeAround } from './work-tree.ts'
import { finishFormer, writeRepository } from './write-repository.ts'

export interface MakeOptions extends Given {
  /** Into a folder with other files. */
  readonly add?: true
  readonly dryRun?: true
  /** Whether there is somebody to ask, who wants to be asked. */
  readonly asks: boolean
}

/**
 * Makes a new configuration repository: asks what is open, plans all files, then writes all or none.
 *
 * @param named The folder as the person names it.
 * @returns Which files there are; `INIT_NAME_INVALID`, `INIT_FOLDER_NOT_EMPTY`, `INIT_FILES_EXIST`, `INIT_FOLDER_UNUSABLE`, or that
 *   nobody agreed: then nothing was written.
 */
export async function makeRepository(
  io: Io,
  version: string,
  named: string | undefined,
  options: MakeOptions,
): Promise<Result<Report, Failure>> {
  const isDryRun = options.dryRun === true
  const place = await placeOf(io, named, options.asks)
  if (!place.ok) return place
  const folder = resolve(io.folder, place.value)
  if (!isDryRun) {
    const former = finishFormer(folder)
    if (!former.ok) return former
    if (former.value) return ok({ kind: 'finished', folder })
  }
  const target = lookAtTarget(folder, options.add === true)
  if (!target.ok) return target
  const choices = await choose(io, folder, options, options.asks)
  if (!choices.ok) return choices
  const tree = workTreeAround(folder)
  const files = planFiles(choices.value, version, tree)
  const paths = files.map(({ path }) => path)
  const free = refuseTaken(target.value, paths)
  if (!free.ok) return free
  const report: Report = { kind: 'made', folder, choices: choices.value, files, tree, isDryRun }
  if (isDryRun) return ok(report)
  if (options.asks) {
    const agreed = await askYes(io, `Write ${files.length} files into ${visible(shown(io, folder))}?`)
    if (!agreed.ok) return agreed
    if (!agreed.value)
      return err({ code: 'NOT_CONFIRMED', message: 'Not confirmed: nothing was written.', exit: EXIT.refusedAsUnsafe })
  }
  const written = writeRepository(target.value, files)
  return written.ok ? ok(report) : written
}

async function placeOf(io: Io, named: string | undefined, asks: boolean): Promise<Result<string, Failure>> {
  if (named !== undefined || !asks) return ok(named ?? '.')
  return askText(io, 'Folder of the new repository', '.', ok)
}
