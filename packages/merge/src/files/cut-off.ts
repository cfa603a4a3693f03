import { realpathSync, statSync } from 'node:fs'
import { fail, ok, type Result } from '../problem.ts'
import { isCommitted } from './journal.ts'
import { stagesIn } from './stage.ts'
import { systemProblem } from './system.ts'

/**
 * Looks whether a merge into a folder was cut off past its point of commit, without a change. What is in such a folder is neither what
 * it was nor what it was to be, so that nothing can be planned upon it.
 *
 * @param folder Absolute; may be missing.
 * @returns `MERGE_INTERRUPTED` where one was; `MERGE_OUTPUT_UNUSABLE` where the folder cannot be read.
 */
export function lookForCutOff(folder: string): Result<void> {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return ok(undefined)
    if (!stagesIn(realpathSync(folder), 'into').some(({ path }) => isCommitted(path))) return ok(undefined)
  } catch (thrown) {
    return fail(systemProblem('MERGE_OUTPUT_UNUSABLE', `The folder ${folder} cannot be read`, thrown))
  }
  return fail({
    code: 'MERGE_INTERRUPTED',
    message: `A merge into ${folder} was cut off, so that what another one would do there cannot be said yet.`,
    hint: 'Merge without --dry-run: that finishes it first, as it was planned then.',
  })
}
