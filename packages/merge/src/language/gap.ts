import { findFilter } from './filters/all-filters.ts'
import { Undefined, type Held } from './held.ts'
import type { Expression, Output } from './syntax/tree.ts'

/** Where a text has nothing, or `None`, because what an expression asks for is not there. */
export interface Gap {
  /** So much of the text stands before it, in UTF-16 units. */
  readonly at: number
  /** In words, to follow "since". No value is in it. */
  readonly why: string
}

/** Told of each gap of a rendering. */
export type OnGap = (gap: Gap) => void

const DEFAULTS = new Set(['default', 'd'].map(findFilter))

/**
 * Why an expression left a gap; `undefined` where it printed something, or where the template is written so that it may be empty.
 * It says what stands in the template and nothing that the expression works with: that may be secret.
 *
 * @param expression All of what is put out, or a part of what `~` joins in it.
 */
export function gapOf(expression: Expression, held: Held, text: string, output: Output): string | undefined {
  if ((text !== '' && held !== null) || !isPlain(expression)) return undefined
  const written = `\`${output.written.replace(/\s+/g, ' ')}\``
  const what = expression === output.value ? written : `a part of ${written}`
  if (held instanceof Undefined) return `${what} is undefined`
  return held === null ? `${what} is empty and prints None` : `${what} is an empty text`
}

/** A name, or a part of what it stands for, filtered or not, that has nothing to stand in for it. */
function isPlain(expression: Expression): boolean {
  switch (expression.kind) {
    case 'name':
    case 'attribute':
    case 'item':
      return true
    case 'filter':
      return !DEFAULTS.has(expression.filter) && isPlain(expression.input)
    default:
      return false
  }
}
