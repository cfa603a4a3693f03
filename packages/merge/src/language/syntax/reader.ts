import type { Filter } from '../filters/filter.ts'
import type { Test } from '../tests/test.ts'
import type { Tokens } from './tokens.ts'
import type { Expression } from './tree.ts'

/** What a part of the grammar reads with: the tokens, the expressions inside of it, and what there is to name. */
export interface Reader {
  readonly tokens: Tokens
  /** A whole expression. */
  expression(): Expression
  filter(name: string): Filter | undefined
  test(name: string): Test | undefined
}
