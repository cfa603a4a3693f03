import { Mapping, Tuple } from '../../value.ts'
import { compare, equal } from '../../values/equality.ts'
import { isKey, isList, kindOf, Undefined, type Held } from '../held.ts'
import { failed } from '../refused.ts'
import { checkWeight } from './weigh.ts'

/** Python's `==`. What is undefined equals only what is undefined too. */
export function areEqual(left: Held, right: Held): boolean {
  if (isKey(left)) return isKey(right) && equal(left, right)
  checkWeight(left, 'compared')
  checkWeight(right, 'compared')
  return areEqualChecked(left, right)
}

function areEqualChecked(left: Held, right: Held): boolean {
  if (isKey(left)) return isKey(right) && equal(left, right)
  if (left instanceof Undefined) return right instanceof Undefined
  if (left instanceof Tuple) return right instanceof Tuple && areEqualLists(left.items, right.items)
  if (left instanceof Mapping) return right instanceof Mapping && areEqualMappings(left, right)
  return isList(left) ? isList(right) && areEqualLists(left, right) : left === right
}

/** Inside of a collection the same object counts as equal before it is compared, so not-a-number is found in its own list. */
const areEqualMembers = (left: Held, right: Held): boolean => Object.is(left, right) || areEqualChecked(left, right)

function areEqualLists(left: readonly Held[], right: readonly Held[]): boolean {
  return left.length === right.length && firstDifference(left, right) === left.length
}

/** The position from which on two lists differ: the length of the shorter one where it is the beginning of the other. */
function firstDifference(left: readonly Held[], right: readonly Held[]): number {
  for (const [at, member] of left.entries()) {
    const other = right[at]
    if (other === undefined || !areEqualMembers(member, other)) return at
  }
  return left.length
}

function areEqualMappings(left: Mapping<Held>, right: Mapping<Held>): boolean {
  if (left.size !== right.size) return false
  for (const [key, member] of left.entries()) {
    const other = right.get(key)
    if (other === undefined || !areEqualMembers(member, other)) return false
  }
  return true
}

/**
 * Python's `<`.
 *
 * @throws Refused where the two have no order.
 */
export const isBelow = (left: Held, right: Held): boolean => orderOf(left, right) < 0

/** Below zero, zero, above zero; NaN where one of them is not a number, so that each comparison of it is false. */
export function orderOf(left: Held, right: Held): number {
  checkWeight(left, 'compared')
  checkWeight(right, 'compared')
  return orderOfChecked(left, right)
}

function orderOfChecked(left: Held, right: Held): number {
  for (const side of [left, right]) {
    if (side instanceof Undefined) throw failed(`${side.what} is undefined and cannot be compared`, side.hint)
  }
  const order = isKey(left) && isKey(right) ? compare(left, right) : orderOfLists(left, right)
  if (order === undefined) throw failed(`${kindOf(left)} and ${kindOf(right)} have no order`)
  return order
}

function orderOfLists(left: Held, right: Held): number | undefined {
  if (left instanceof Tuple) return right instanceof Tuple ? orderOfMembers(left.items, right.items) : undefined
  return isList(left) && isList(right) ? orderOfMembers(left, right) : undefined
}

function orderOfMembers(left: readonly Held[], right: readonly Held[]): number {
  const at = firstDifference(left, right)
  const [one, other] = [left[at], right[at]]
  return one === undefined || other === undefined ? left.length - right.length : orderOfChecked(one, other)
}
