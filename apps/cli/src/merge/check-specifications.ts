import { join } from 'node:path'
import type { Problem } from '@stage0/types'
import { shown } from '../init/report.ts'
import { checkFolder } from '../specs/check-folder.ts'
import type { Io } from '../terminal/io.ts'

/**
 * The errors that `stage0 specs check` finds in specifications that a template of ours is merged with, as warnings: such a template
 * knows these documents, and makes something wrong of what is wrong in them. Other templates may have documents of their own.
 *
 * @param folder Of the specifications, absolute.
 */
export async function errorsOfSpecifications(io: Io, folder: string): Promise<readonly Problem[]> {
  return (await checkFolder(folder))
    .filter(({ severity }) => severity === 'error')
    .map((problem) => ({
      ...problem,
      severity: 'warning',
      ...(problem.file === undefined ? {} : { file: shown(io, join(folder, problem.file)) }),
    }))
}
