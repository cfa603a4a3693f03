import { kindOf, type Held } from '../held.ts'
import { numberOf } from '../operations/arithmetic.ts'
import { failed } from '../refused.ts'

/** A whole number that an argument must be; a boolean is 1 or 0. */
export function wholeArgument(name: string, held: Held): number {
  const number = numberOf(held)
  if (typeof number !== 'bigint')
    throw failed(`The argument \`${name}\` must be a whole number, and is ${kindOf(held)}`)
  return Number(number)
}
