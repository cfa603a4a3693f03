import { realpathSync, statSync } from 'node:fs'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import { isCommitted } from './journal.ts'
import { isOwn, stagesIn, type Stage } from './stage.ts'
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
    const left = stagesIn(realpathSync(folder), 'into').filter(({ path }) => isCommitted(path))
    const other = left.find((stage) => !isOwn(stage))
    if (other !== undefined) return fail(foreign(other))
    if (left.length === 0) return ok(undefined)
  } catch (thrown) {
    return fail(systemProblem('MERGE_OUTPUT_UNUSABLE', `The folder ${folder} cannot be read`, thrown))
  }
  return fail({
    code: 'MERGE_INTERRUPTED',
    message: `A merge into ${folder} was cut off, so that what another one would do there cannot be said yet.`,
    hint: 'Merge without --dry-run: that finishes it first, as it was planned then.',
  })
}

/** What came with a clone or an archive must not change anything, and what another machine left may not be ours to finish. */
export const foreign = ({ path, name }: Stage): Problem => ({
  code: 'MERGE_INTERRUPTED',
  message: `${path} is of a merge that was cut off on another machine or of another user, or came with the files.`,
  hint: `Remove the folder ${name}, look at what version control says, and merge again.`,
})
