import { errorEntry, type Problem } from '@stage0/types'

/** Problems of the folder as a whole, whose texts name it as this machine does. */
const ABOUT_THE_FOLDER = new Set(['REPOSITORY_NOT_FOUND', 'REPOSITORY_EMPTY', 'FILE_UNREADABLE'])

/** A problem as it may leave this machine: where the repository lies on it is nobody's business (W-51). */
export function publicProblem(problem: Problem): Problem {
  if (problem.file !== undefined || !ABOUT_THE_FOLDER.has(problem.code)) return problem
  const entry = errorEntry(problem.code)
  return { code: problem.code, severity: problem.severity, text: `${entry?.title}.`, hint: entry?.fix ?? '' }
}
