import type { Decimal128 } from 'bson'
import { decimalParts, digitCount, doubleParts, powerOfTen, type DecimalParts } from './decimal-parts.ts'
import { Double } from './value.ts'

export type NumericValue = number | bigint | Double | Decimal128

/** Compares numbers of any BSON type by their exact values; NaN is equal to itself and below every other number. */
export function compareNumbers(a: NumericValue, b: NumericValue): number {
  const x = a instanceof Double ? a.value : a
  const y = b instanceof Double ? b.value : b
  if (typeof x === 'object') return typeof y === 'object' ? compareDecimals(x, y) : compareDecimalTo(x, y)
  if (typeof y === 'object') return 0 - compareDecimalTo(y, x)
  if (x < y) return -1
  if (x > y) return 1
  if (x === x && y === y) return 0
  return x === x ? 1 : y === y ? -1 : 0
}

/** Compares two decimals; -0 equals 0 and 1.0 equals 1.00. */
export function compareDecimals(a: Decimal128, b: Decimal128): number {
  const x = decimalParts(a)
  const y = decimalParts(b)
  const special = compareSpecial(x, rank(y))
  return special ?? compareFinite(x, y)
}

function compareDecimalTo(a: Decimal128, b: number | bigint): number {
  const x = decimalParts(a)
  if (typeof b === 'bigint') return compareSpecial(x, 0) ?? compareFinite(x, integerParts(b))
  if (b !== b) return x.kind === 'nan' ? 0 : 1
  const special = compareSpecial(x, b === Infinity ? 1 : b === -Infinity ? -1 : 0)
  if (special !== undefined) return special
  if (Number.isSafeInteger(b)) return compareFinite(x, integerParts(BigInt(b)))
  return compareFiniteToDouble(x, b)
}

const integerParts = (n: bigint): DecimalParts => ({
  kind: 'finite',
  negative: n < 0n,
  coefficient: n < 0n ? -n : n,
  exponent: 0,
})

/** Place of a value among NaN, -infinity, finite, infinity. */
const rank = (x: DecimalParts): number => (x.kind === 'nan' ? -2 : x.kind === 'finite' ? 0 : x.negative ? -1 : 1)

function compareSpecial(x: DecimalParts, rankOfOther: number): number | undefined {
  const own = rank(x)
  return own === 0 && rankOfOther === 0 ? undefined : Math.sign(own - rankOfOther)
}

const signOf = (x: { negative: boolean; coefficient: bigint }): number =>
  x.coefficient === 0n ? 0 : x.negative ? -1 : 1

function compareFinite(x: DecimalParts, y: DecimalParts): number {
  const sign = signOf(x)
  if (sign !== signOf(y)) return sign < signOf(y) ? -1 : 1
  if (sign === 0) return 0
  const magnitude = digitCount(x.coefficient) + x.exponent - digitCount(y.coefficient) - y.exponent
  if (magnitude !== 0) return magnitude > 0 ? sign : -sign
  // Equal magnitudes: the exponents differ by less than 34 digits, so scaling is cheap.
  const low = Math.min(x.exponent, y.exponent)
  const left = x.coefficient * powerOfTen(x.exponent - low)
  const right = y.coefficient * powerOfTen(y.exponent - low)
  return left === right ? 0 : left > right ? sign : -sign
}

function compareFiniteToDouble(x: DecimalParts, b: number): number {
  const y = doubleParts(b)
  const sign = signOf(x)
  if (sign !== signOf(y)) return sign < signOf(y) ? -1 : 1
  if (sign === 0) return 0
  const left =
    x.coefficient * (x.exponent > 0 ? powerOfTen(x.exponent) : 1n) * (y.exponent < 0 ? 1n << BigInt(-y.exponent) : 1n)
  const right =
    y.coefficient * (y.exponent > 0 ? 1n << BigInt(y.exponent) : 1n) * (x.exponent < 0 ? powerOfTen(-x.exponent) : 1n)
  return left === right ? 0 : left > right ? sign : -sign
}

/**
 * A text that is equal exactly for numbers that compare equal: the shortest text of the double that has the value,
 * else the coefficient without trailing zeros and its exponent.
 */
export function numberKey(value: NumericValue): string {
  const plain = value instanceof Double ? value.value : value
  if (typeof plain === 'number') return plain === 0 ? '0' : String(plain)
  const nearest = Number(typeof plain === 'bigint' ? plain : plain.toString())
  if (compareNumbers(nearest, plain) === 0) return nearest === 0 ? '0' : String(nearest)
  const parts = typeof plain === 'bigint' ? integerParts(plain) : decimalParts(plain)
  let { coefficient, exponent } = parts
  while (coefficient % 10n === 0n) {
    coefficient /= 10n
    exponent += 1
  }
  return `${parts.negative ? '-' : ''}${coefficient}e${exponent}`
}
