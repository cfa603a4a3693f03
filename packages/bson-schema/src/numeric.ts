import type { Decimal128 } from 'bson'
import type { NumericValue } from './compare-numbers.ts'
import {
  decimalAbs,
  decimalAdd,
  decimalDivide,
  decimalFromDouble,
  decimalFromInteger,
  decimalIsFinite,
  decimalMod,
  decimalMultiply,
  decimalRound,
  decimalSubtract,
  decimalToDouble,
  decimalToInteger,
} from './decimal.ts'
import { Double, double, isInt32 } from './value.ts'

/*
 * The server's arithmetic over mixed types. The result has the widest type of the two: decimal, double, long, int.
 * An int result that does not fit becomes a long. A long result that does not fit is `undefined`: an expression goes on
 * with doubles (`longOverflow`), `$inc` and `$mul` report an error.
 */

export const INT64_MIN = -(2n ** 63n)
export const INT64_MAX = 2n ** 63n - 1n
const fitsLong = (n: bigint): boolean => n >= INT64_MIN && n <= INT64_MAX

type Numeric = NumericValue
/** The two operands in the widest type of the two. */
type Pair =
  | { readonly kind: 'decimal'; readonly a: Decimal128; readonly b: Decimal128 }
  | { readonly kind: 'double'; readonly a: number; readonly b: number }
  | { readonly kind: 'long'; readonly a: bigint; readonly b: bigint }
  | { readonly kind: 'int'; readonly a: number; readonly b: number }

const isDecimalNumber = (n: Numeric): n is Decimal128 => typeof n === 'object' && !(n instanceof Double)
const isDouble = (n: Numeric): boolean => n instanceof Double || (typeof n === 'number' && !isInt32(n))

function widest(a: Numeric, b: Numeric): Pair {
  if (isDecimalNumber(a) || isDecimalNumber(b)) return { kind: 'decimal', a: toDecimal(a), b: toDecimal(b) }
  if (isDouble(a) || isDouble(b)) return { kind: 'double', a: toDouble(a), b: toDouble(b) }
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    return { kind: 'long', a: BigInt(a as number | bigint), b: BigInt(b as number | bigint) }
  }
  return { kind: 'int', a: a as number, b: b as number }
}

/** The value as a double, rounded where it must be. */
export function toDouble(n: Numeric): number {
  if (typeof n === 'number') return n
  if (n instanceof Double) return n.value
  return typeof n === 'bigint' ? Number(n) : decimalToDouble(n)
}

/** The value as a decimal: doubles are rounded to 15 digits, all else is exact. */
export function toDecimal(n: Numeric): Decimal128 {
  if (isDecimalNumber(n)) return n
  return isDouble(n) ? decimalFromDouble(toDouble(n)) : decimalFromInteger(n as number | bigint)
}

/** The integer part, towards zero; `undefined` for NaN and infinities. */
export function truncated(n: Numeric): bigint | undefined {
  if (typeof n === 'bigint') return n
  if (isDecimalNumber(n)) return decimalToInteger(n, 'truncate')
  const value = toDouble(n)
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined
}

/** The exact value when it is a whole number of the int64 range, else `undefined`. */
export function exactLong(n: Numeric): bigint | undefined {
  const whole = isDecimalNumber(n) && decimalToDouble(n) > 1e19 ? undefined : truncated(n)
  if (whole === undefined || !fitsLong(whole)) return undefined
  if (isDecimalNumber(n)) return decimalToInteger(n, 'ceiling') === decimalToInteger(n, 'floor') ? whole : undefined
  return typeof n === 'bigint' || Number.isInteger(toDouble(n)) ? whole : undefined
}

export const isFiniteNumber = (n: Numeric): boolean =>
  typeof n === 'bigint' || (isDecimalNumber(n) ? decimalIsFinite(n) : Number.isFinite(toDouble(n)))

/** A whole result of the int or long range in the type it needs, given that both operands were ints. */
const intResult = (exact: bigint): Numeric => (isInt32(Number(exact)) ? Number(exact) : exact)
const longResult = (exact: bigint): bigint | undefined => (fitsLong(exact) ? exact : undefined)

export function addNumbers(a: Numeric, b: Numeric): Numeric | undefined {
  const pair = widest(a, b)
  if (pair.kind === 'decimal') return decimalAdd(pair.a, pair.b)
  if (pair.kind === 'double') return double(pair.a + pair.b)
  if (pair.kind === 'long') return longResult(pair.a + pair.b)
  return intResult(BigInt(pair.a + pair.b))
}

export function subtractNumbers(a: Numeric, b: Numeric): Numeric | undefined {
  const pair = widest(a, b)
  if (pair.kind === 'decimal') return decimalSubtract(pair.a, pair.b)
  if (pair.kind === 'double') return double(pair.a - pair.b)
  if (pair.kind === 'long') return longResult(pair.a - pair.b)
  return intResult(BigInt(pair.a - pair.b))
}

export function multiplyNumbers(a: Numeric, b: Numeric): Numeric | undefined {
  const pair = widest(a, b)
  if (pair.kind === 'decimal') return decimalMultiply(pair.a, pair.b)
  if (pair.kind === 'double') return double(pair.a * pair.b)
  if (pair.kind === 'long') return longResult(pair.a * pair.b)
  return intResult(BigInt(pair.a) * BigInt(pair.b))
}

/** A decimal when one operand is, else a double. A divisor of 0 gives an infinity or NaN: check it before. */
export function divideNumbers(a: Numeric, b: Numeric): Numeric {
  const pair = widest(a, b)
  return pair.kind === 'decimal' ? decimalDivide(pair.a, pair.b) : double(toDouble(a) / toDouble(b))
}

/** Remainder with the sign of the dividend; `undefined` for a whole-number divisor of 0. */
export function modNumbers(a: Numeric, b: Numeric): Numeric | undefined {
  const pair = widest(a, b)
  if (pair.kind === 'decimal') return decimalMod(pair.a, pair.b)
  if (pair.kind === 'double') return double(pair.a % pair.b)
  if (BigInt(pair.b) === 0n) return undefined
  // `+ 0` since -4 % 2 is -0 in JavaScript, and an int is never -0.
  return pair.kind === 'long' ? pair.a % pair.b : (pair.a % pair.b) + 0
}

/** `undefined` for the smallest long, which has no positive counterpart. */
export function absNumber(n: Numeric): Numeric | undefined {
  if (isDecimalNumber(n)) return decimalAbs(n)
  if (typeof n === 'bigint') return longResult(n < 0n ? -n : n)
  return isDouble(n) ? double(Math.abs(toDouble(n))) : intResult(BigInt(Math.abs(n as number)))
}

export type NumericOperation = (a: Numeric, b: Numeric) => Numeric | undefined

/** For expressions: the operation, and once more with doubles where a long does not hold the result. */
export function longOverflow(operation: NumericOperation, a: Numeric, b: Numeric): Numeric {
  return operation(a, b) ?? (operation(double(toDouble(a)), double(toDouble(b))) as Numeric)
}

/** Rounds to whole numbers in the value's own type. */
export function wholeNumber(n: Numeric, mode: 'truncate' | 'ceiling' | 'floor'): Numeric {
  if (isDecimalNumber(n)) return decimalRound(n, 0, mode)
  if (!isDouble(n)) return n
  const value = toDouble(n)
  return double(mode === 'truncate' ? Math.trunc(value) : mode === 'ceiling' ? Math.ceil(value) : Math.floor(value))
}
