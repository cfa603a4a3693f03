import type { Problem } from '@stage0/types'
import { counted, cut } from '../evidence/short-text.ts'
import { placeOf } from '../plan/render-plan.ts'
import { byteLength, inline } from './markdown.ts'
import { more } from './review-detail.ts'
import { sentencesOf } from './sentences.ts'

/** Longer texts hold a value of a file; who mends it sees that in the file. */
const MAX_CHARACTERS = 600

/** Problems as a list, so many at most. */
export function problemItems(problems: readonly Problem[], most: number): string[] {
  const items = problems.slice(0, most).map((problem) => {
    const where = problem.file === undefined ? '' : ` ${inline(placeOf(problem))}`
    return `- **${problem.severity}** \`${problem.code}\`${where} ${inline(cut(sentencesOf(problem), MAX_CHARACTERS))}`
  })
  const left = problems.length - items.length
  return left === 0 ? items : [...items, `- ${more(left)}`]
}

/**
 * What a check found, as Markdown for a pull request; nothing of what it names becomes markup.
 *
 * @param maxBytes The largest text, in bytes of UTF-8, 1 KiB at least: fewer problems are listed, and the rest is counted.
 */
export function renderProblemsReview(problems: readonly Problem[], maxBytes = Infinity): string {
  const amounts = (['error', 'warning', 'notice'] as const).flatMap((severity) => {
    const count = problems.filter((one) => one.severity === severity).length
    return count === 0 ? [] : [counted(count, severity)]
  })
  const textOf = (most: number): string =>
    [`## ${amounts.length === 0 ? 'No problems' : amounts.join(', ')}`, '', ...problemItems(problems, most)].join('\n')
  let [kept, tooMany] = [0, problems.length + 1]
  while (tooMany - kept > 1) {
    const middle = Math.floor((kept + tooMany) / 2)
    if (byteLength(textOf(middle)) < maxBytes) kept = middle
    else tooMany = middle
  }
  return `${textOf(kept).trimEnd()}\n`
}
