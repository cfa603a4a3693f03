import type { Gap } from '../language/gap.ts'

/** What is missing in the name of an output, in words. */
export interface Missing {
  /** What the output is or lacks because of that. */
  readonly what: string
  /** In words, to follow "since" or "and". */
  readonly why: string
  /** Whether the output cannot be written therefore. */
  readonly isRefused: boolean
  /** Whether it could be written if nothing was meant there. */
  readonly mayBeMeant: boolean
}

/**
 * What gaps make of the name of an output.
 *
 * @param gaps   At least one.
 * @param isItem Whether the output is that of an item: the next one that lacks the same would have the same name.
 */
export function missingIn(text: string, gaps: readonly Gap[], isItem: boolean): Missing {
  const empty = gaps.filter(({ at }) => isEmptyName(text, at))
  if (empty.length > 0) {
    const what = text === '' ? 'is empty' : 'has an empty name in it'
    return { what, why: inWords(empty), isRefused: true, mayBeMeant: false }
  }
  const endings = isItem ? gaps.filter(({ at }) => isOnlyEnding(text, at)) : []
  if (endings.length > 0)
    return { what: 'has nothing before its ending', why: inWords(endings), isRefused: true, mayBeMeant: true }
  return { what: 'lacks a part', why: inWords(gaps), isRefused: false, mayBeMeant: true }
}

/** `c//x`: of a folder or a file nothing is left. */
const isEmptyName = (text: string, at: number): boolean =>
  (at === 0 || text[at - 1] === '/') && (at === text.length || text[at] === '/')

/** `/.yaml`: of what the item is called by only the ending is left. */
const isOnlyEnding = (text: string, at: number): boolean => at === text.lastIndexOf('/') + 1 && text[at] === '.'

/** Each reason once. */
function inWords(gaps: readonly Gap[]): string {
  const whys = [...new Set(gaps.map(({ why }) => why))]
  const last = whys.pop() ?? ''
  return whys.length === 0 ? last : `${whys.join(', ')} and ${last}`
}
