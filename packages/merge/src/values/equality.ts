import { DateValue, Mapping, TimeValue, Tuple, type Value } from '../value.ts'
import { areOnOneScale, microsecondsOf } from './moments.ts'

/**
 * Python's `==`: `1`, `1.0` and `true` are equal, a list and a tuple never are, the order of a mapping's keys does not
 * matter, moments with zones are equal when they are one moment. Not-a-number is equal to nothing.
 */
export function equal(left: Value, right: Value): boolean {
  if (isNumeric(left) && isNumeric(right)) return order(numeric(left), numeric(right)) === 0
  if (left instanceof DateValue) return right instanceof DateValue && left.text === right.text
  if (left instanceof TimeValue) {
    return right instanceof TimeValue && areOnOneScale(left, right) && microsecondsOf(left) === microsecondsOf(right)
  }
  if (left instanceof Tuple) return right instanceof Tuple && areEqualLists(left.items, right.items)
  if (left instanceof Mapping) return right instanceof Mapping && areEqualMappings(left, right)
  if (isList(left)) return isList(right) && areEqualLists(left, right)
  return left === right
}

/**
 * Python's order: below zero, zero or above as for a sort. Numbers (and booleans) by size, texts by code points, days and
 * moments by time, lists and tuples by their first difference. `undefined` where Python refuses to compare (unlike kinds, nulls,
 * mappings, moments with and without zone); NaN where not-a-number takes part: neither below nor above nor equal.
 */
export function compare(left: Value, right: Value): number | undefined {
  if (isNumeric(left) && isNumeric(right)) return order(numeric(left), numeric(right))
  if (typeof left === 'string') return typeof right === 'string' ? compareTexts(left, right) : undefined
  if (left instanceof DateValue) return right instanceof DateValue ? order(left.text, right.text) : undefined
  if (left instanceof TimeValue) {
    if (!(right instanceof TimeValue) || !areOnOneScale(left, right)) return undefined
    return order(microsecondsOf(left), microsecondsOf(right))
  }
  if (left instanceof Tuple) return right instanceof Tuple ? compareLists(left.items, right.items) : undefined
  if (isList(left)) return isList(right) ? compareLists(left, right) : undefined
  return undefined
}

/** The order of texts by code points, which differs from the order of UTF-16 units above U+FFFF. */
export function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)]
    if (one !== other) return isSurrogate(one) === isSurrogate(other) ? one - other : isSurrogate(one) ? 1 : -1
  }
  return left.length - right.length
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

/** Inside of a collection the same object counts as equal before it is compared, so not-a-number is found in its own list. */
const areEqualItems = (left: Value, right: Value): boolean => Object.is(left, right) || equal(left, right)

function areEqualLists(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((item, at) => areEqualItems(item, right[at] ?? null))
}

function areEqualMappings(left: Mapping, right: Mapping): boolean {
  if (left.size !== right.size) return false
  for (const [key, item] of left.entries()) {
    const other = right.get(key)
    if (other === undefined || !areEqualItems(item, other)) return false
  }
  return true
}

function compareLists(left: readonly Value[], right: readonly Value[]): number | undefined {
  for (const [at, item] of left.entries()) {
    const other = right[at]
    if (other === undefined) return 1
    if (!areEqualItems(item, other)) return compare(item, other)
  }
  return left.length - right.length
}

type Numeric = boolean | bigint | number
const isNumeric = (value: Value): value is Numeric =>
  typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number'
const numeric = (value: Numeric): bigint | number => (typeof value === 'boolean' ? BigInt(value) : value)
const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

function order<T extends bigint | number | string>(left: T, right: T): number {
  if (left < right) return -1
  if (left > right) return 1
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0
}
