import type { Signature } from '../filters/signature.ts'
import type { Held } from '../held.ts'

/** What stands behind an `is`: a value in, yes or no out. */
export interface Test {
  readonly signature: Signature
  holds(input: Held, argument: Held | undefined): boolean
}
