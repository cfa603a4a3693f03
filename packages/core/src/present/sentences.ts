import type { Problem } from '@stage0/types'

/** What is wrong and what to do about it, in one line: two sentences, also where the first has no full stop. */
export function sentencesOf({ text, hint }: Pick<Problem, 'text' | 'hint'>): string {
  if (hint === undefined) return text
  return `${text}${/[.?!:]["')\]]?$/.test(text) ? '' : '.'} ${hint}`
}
