import { compare, equal } from '../../values/equality.ts'
import { Stream, Undefined, isKey, kindOf, type Held } from '../held.ts'
import { Loop } from '../loop.ts'
import { failed } from '../refused.ts'
import { plain } from './weigh.ts'

/** Python's `==`. What is undefined equals only what is undefined too. */
export function areEqual(left: Held, right: Held): boolean {
  if (left instanceof Undefined || right instanceof Undefined)
    return left instanceof Undefined && right instanceof Undefined
  if (isAlive(left) || isAlive(right)) return left === right
  if (isKey(left) !== isKey(right)) return false
  return equal(plain(left, 'compared'), plain(right, 'compared'))
}

const isAlive = (held: Held): boolean => held instanceof Stream || held instanceof Loop

/**
 * Python's `<`.
 *
 * @throws Refused where the two have no order.
 */
export const isBelow = (left: Held, right: Held): boolean => orderOf(left, right) < 0

/** Below zero, zero, above zero; NaN where one of them is not a number, so that each comparison of it is false. */
export function orderOf(left: Held, right: Held): number {
  for (const side of [left, right]) {
    if (side instanceof Undefined) throw failed(`${side.what} is undefined and cannot be compared`, side.hint)
  }
  const order = compare(plain(left, 'compared'), plain(right, 'compared'))
  if (order === undefined) throw failed(`${kindOf(left)} and ${kindOf(right)} have no order`)
  return order
}
