import type { Problem } from '@stage0/types'

/** Problems of one code in one file that are listed; a machine wrote a file that has more. */
const MAX_LISTED = 100

/**
 * The problems without the flood that one broken file can make: of each code in each file the first 100, and behind
 * them one problem that counts the others, at the place of the first of them.
 *
 * @param problems sorted, as `sortProblems` gives them; the order stays.
 */
export function limitProblems(problems: readonly Problem[]): readonly Problem[] {
  const counts = new Map<string, number>()
  const listed: Problem[] = []
  const last = new Map<string, number>()
  for (const problem of problems) {
    const key = `${problem.file ?? ''}\0${problem.code}\0${problem.severity}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > MAX_LISTED + 1) continue
    last.set(key, listed.length)
    listed.push(problem)
  }
  for (const [key, count] of counts) {
    if (count <= MAX_LISTED + 1) continue
    const at = last.get(key) as number
    const text = `There are ${count - MAX_LISTED} more problems of this kind from here on in this file.`
    listed[at] = { ...(listed[at] as Problem), text }
  }
  return listed
}
