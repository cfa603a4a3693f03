import { findFilter } from './filters/all-filters.ts'
import { Undefined, type Held } from './held.ts'
import type { Expression } from './syntax/tree.ts'

/** Where a text has nothing, or `None`, because what an expression asks for is not there. */
export interface Gap {
  /** So much of the text stands before it, in UTF-16 units. */
  readonly at: number
  /** In words, to follow "since". */
  readonly why: string
}

/** Told of each gap of a rendering. */
export type OnGap = (gap: Gap) => void

const DEFAULTS = new Set(['default', 'd'].map(findFilter))

/** Why an expression left a gap; `undefined` where it printed something, or where the template is written so that it may be empty. */
export function gapOf(expression: Expression, held: Held, text: string): string | undefined {
  if ((text !== '' && held !== null) || !isPlain(expression)) return undefined
  if (held instanceof Undefined) return `${held.what} is undefined`
  const what = named(expression)
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

function named(expression: Expression): string {
  if (expression.kind === 'filter') return named(expression.input)
  return expression.kind === 'name' || expression.kind === 'attribute'
    ? `\`${expression.name}\``
    : 'an expression in it'
}
