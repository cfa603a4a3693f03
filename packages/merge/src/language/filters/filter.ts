import type { Held } from '../held.ts'
import type { Refused } from '../refused.ts'
import type { Test } from '../tests/test.ts'
import type { Bound, Signature } from './signature.ts'

/** What filters may use of the language. */
export interface Tools {
  readonly filter: (name: string) => Filter | undefined
  readonly test: (name: string) => Test | undefined
  /** What to throw for a name that is none of them. */
  readonly unknown: (what: 'filter' | 'test', name: string) => Refused
  /** To be called for each member that is looked at, so that the work of one rendering has an end. */
  readonly step: () => void
}

/** What stands behind a `|`: a value in, a value out. */
export interface Filter {
  readonly signature: Signature
  /** Which of the arguments without names is the name of another filter or of a test. */
  readonly names?: { readonly what: 'filter' | 'test'; readonly position: number }
  run(input: Held, given: Bound<Held>, tools: Tools): Held
}

/** A filter whose arguments stand in their order. */
export function filter(
  parameters: readonly string[],
  required: number,
  run: (input: Held, slots: readonly (Held | undefined)[], tools: Tools) => Held,
): Filter {
  return { signature: { parameters, required }, run: (input, { slots }, tools) => run(input, slots, tools) }
}
