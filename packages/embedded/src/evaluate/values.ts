import {
  BsonUndefined,
  Double,
  compareValues,
  hashKey,
  isDecimal,
  isNumeric,
  typeName,
  type Value,
} from '@stage0/bson-schema'
import type { StringCompare } from './contract.ts'

type MaybeValue = Value | undefined

/** Missing, null, or the deprecated type undefined: what expressions treat as "no value". */
export const isNullish = (value: MaybeValue): value is null | undefined | BsonUndefined =>
  value === null || value === undefined || value instanceof BsonUndefined

/** Truth of a value in an expression: no value, false and zero of every type are false; all else, "" included, is true. */
export function isTrue(value: MaybeValue): boolean {
  if (isNullish(value) || value === false) return false
  return !isNumeric(value) || asNumber(value) !== 0
}

/** The name of the type, as `$type` gives it. */
export const typeOf = (value: MaybeValue): string => (value === undefined ? 'missing' : typeName(value))

/** Any BSON number as the nearest JavaScript number; `undefined` for other values. */
export function asNumber(value: MaybeValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Double) return value.value
  return isDecimal(value) ? Number(value.toString()) : undefined
}

/** Any BSON number that is integral, as a JavaScript number; `undefined` for other values and beyond 2^53. */
export function asSafeInteger(value: MaybeValue): number | undefined {
  const n = asNumber(value)
  return n !== undefined && Number.isSafeInteger(n) ? n : undefined
}

export type Order = (a: MaybeValue, b: MaybeValue) => number

/** The canonical order under a collation; a missing value comes before every other, as in expressions. */
export function orderIn(collation: StringCompare | undefined): Order {
  const options = { stringCompare: collation }
  return (a, b) => {
    if (a === undefined) return b === undefined ? 0 : -1
    return b === undefined ? 1 : compareValues(a, b, options)
  }
}

export function equalIn(collation: StringCompare | undefined): (a: MaybeValue, b: MaybeValue) => boolean {
  const order = orderIn(collation)
  return (a, b) => order(a, b) === 0
}

/** Gives equal keys to equal values, for sets and groups; a collation folds the strings that it holds equal. */
export function keyIn(collation: StringCompare | undefined): (value: Value) => string {
  return collation === undefined ? hashKey : foldingKey(collation)
}

function foldingKey(collation: StringCompare): (value: Value) => string {
  const representatives: string[] = []
  const known = new Map<string, string>()
  const stringKey = (text: string): string => {
    const before = known.get(text)
    if (before !== undefined) return before
    // A collation only compares, so the first of equal strings stands for all: a binary search in their order.
    let low = 0
    let high = representatives.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (collation(representatives[middle] as string, text) < 0) low = middle + 1
      else high = middle
    }
    const found = representatives[low]
    const representative = found !== undefined && collation(found, text) === 0 ? found : text
    if (representative === text) representatives.splice(low, 0, text)
    known.set(text, representative)
    return representative
  }
  const options = { stringKey }
  return (value) => hashKey(value, options)
}
