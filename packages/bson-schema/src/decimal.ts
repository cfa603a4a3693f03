import type { Decimal128 } from 'bson'
import {
  DECIMAL_DIGITS,
  DECIMAL_NAN,
  decimalInfinity,
  decimalOf,
  decimalParts,
  digitCount,
  divideHalfEven,
  doubleParts,
  finite,
  powerOfTen,
  type DecimalParts,
} from './decimal-parts.ts'

/*
 * Arithmetic of Decimal128: 34 digits, rounded half to even, special values and preferred exponents as IEEE 754-2008
 * has them (a sum keeps the smaller exponent, a product adds them, an exact quotient comes nearest to the difference).
 */

export function decimalAdd(a: Decimal128, b: Decimal128): Decimal128 {
  return decimalOf(addParts(decimalParts(a), decimalParts(b)))
}

export function decimalSubtract(a: Decimal128, b: Decimal128): Decimal128 {
  const y = decimalParts(b)
  return decimalOf(addParts(decimalParts(a), { ...y, negative: !y.negative }))
}

function addParts(x: DecimalParts, y: DecimalParts): DecimalParts {
  if (x.kind === 'nan' || y.kind === 'nan') return DECIMAL_NAN
  if (x.kind === 'infinity') return y.kind === 'infinity' && x.negative !== y.negative ? DECIMAL_NAN : x
  if (y.kind === 'infinity') return y
  const exponent = Math.min(x.exponent, y.exponent)
  const sum = signed(x, exponent) + signed(y, exponent)
  if (sum === 0n) return finite(x.negative && y.negative, 0n, exponent)
  return finite(sum < 0n, sum < 0n ? -sum : sum, exponent)
}

function signed(x: DecimalParts, exponent: number): bigint {
  const scaled = x.coefficient * powerOfTen(x.exponent - exponent)
  return x.negative ? -scaled : scaled
}

export function decimalMultiply(a: Decimal128, b: Decimal128): Decimal128 {
  const x = decimalParts(a)
  const y = decimalParts(b)
  const negative = x.negative !== y.negative
  if (x.kind === 'nan' || y.kind === 'nan') return decimalOf(DECIMAL_NAN)
  if (x.kind === 'infinity' || y.kind === 'infinity') {
    return decimalOf(isZero(x) || isZero(y) ? DECIMAL_NAN : decimalInfinity(negative))
  }
  return decimalOf(finite(negative, x.coefficient * y.coefficient, x.exponent + y.exponent))
}

const isZero = (x: DecimalParts): boolean => x.kind === 'finite' && x.coefficient === 0n

/** Division by zero gives an infinity or NaN; whether that is an error is up to the caller. */
export function decimalDivide(a: Decimal128, b: Decimal128): Decimal128 {
  const x = decimalParts(a)
  const y = decimalParts(b)
  const negative = x.negative !== y.negative
  if (x.kind === 'nan' || y.kind === 'nan') return decimalOf(DECIMAL_NAN)
  if (x.kind === 'infinity') return decimalOf(y.kind === 'infinity' ? DECIMAL_NAN : decimalInfinity(negative))
  if (y.kind === 'infinity') return decimalOf(finite(negative, 0n, -6176))
  if (y.coefficient === 0n) return decimalOf(x.coefficient === 0n ? DECIMAL_NAN : decimalInfinity(negative))
  const ideal = x.exponent - y.exponent
  if (x.coefficient === 0n) return decimalOf(finite(negative, 0n, ideal))
  // One digit more than can be kept, and below it one that tells an exact half from more than a half.
  const shift = Math.max(0, DECIMAL_DIGITS + 1 + digitCount(y.coefficient) - digitCount(x.coefficient))
  const dividend = x.coefficient * powerOfTen(shift)
  let quotient = dividend / y.coefficient
  let exponent = ideal - shift
  if (dividend % y.coefficient !== 0n) return decimalOf(finite(negative, quotient * 10n + 1n, exponent - 1))
  while (exponent < ideal && quotient % 10n === 0n) {
    quotient /= 10n
    exponent += 1
  }
  return decimalOf(finite(negative, quotient, exponent))
}

/** Remainder of the truncated division, with the sign of the dividend. NaN for a divisor of 0. */
export function decimalMod(a: Decimal128, b: Decimal128): Decimal128 {
  const x = decimalParts(a)
  const y = decimalParts(b)
  if (x.kind !== 'finite' || y.kind === 'nan' || isZero(y)) return decimalOf(DECIMAL_NAN)
  if (y.kind === 'infinity') return a
  const exponent = Math.min(x.exponent, y.exponent)
  const rest = (x.coefficient * powerOfTen(x.exponent - exponent)) % (y.coefficient * powerOfTen(y.exponent - exponent))
  return decimalOf(finite(x.negative, rest, exponent))
}

export function decimalAbs(a: Decimal128): Decimal128 {
  return decimalOf({ ...decimalParts(a), negative: false })
}

export function decimalNegate(a: Decimal128): Decimal128 {
  const x = decimalParts(a)
  return decimalOf({ ...x, negative: !x.negative })
}

export type RoundingMode = 'half-even' | 'truncate' | 'ceiling' | 'floor'

/** Rounds to `places` decimal places (negative: to tens, hundreds ...). A value with fewer places is unchanged. */
export function decimalRound(a: Decimal128, places: number, mode: RoundingMode): Decimal128 {
  const x = decimalParts(a)
  if (x.kind !== 'finite' || x.exponent >= -places) return a
  return decimalOf(finite(x.negative, roundedCoefficient(x, -places, mode), -places))
}

function roundedCoefficient(x: DecimalParts, exponent: number, mode: RoundingMode): bigint {
  const divisor = powerOfTen(exponent - x.exponent)
  if (mode === 'half-even') return divideHalfEven(x.coefficient, divisor)
  const truncated = x.coefficient / divisor
  const away = mode !== 'truncate' && (mode === 'floor') === x.negative && x.coefficient % divisor !== 0n
  return away ? truncated + 1n : truncated
}

/** The integer that `mode` gives; `undefined` for NaN and infinities. */
export function decimalToInteger(a: Decimal128, mode: RoundingMode): bigint | undefined {
  const x = decimalParts(a)
  if (x.kind !== 'finite') return undefined
  const magnitude = x.exponent >= 0 ? x.coefficient * powerOfTen(x.exponent) : roundedCoefficient(x, 0, mode)
  return x.negative ? -magnitude : magnitude
}

export const decimalIsNan = (a: Decimal128): boolean => decimalParts(a).kind === 'nan'
export const decimalIsFinite = (a: Decimal128): boolean => decimalParts(a).kind === 'finite'

/** The nearest double. */
export const decimalToDouble = (a: Decimal128): number => Number(a.toString())

/** Exact for every int and long; more than 34 digits are rounded. */
export function decimalFromInteger(n: number | bigint): Decimal128 {
  const value = BigInt(n)
  return decimalOf(finite(value < 0n, value < 0n ? -value : value, 0))
}

/** Significant digits that the server keeps when it converts a double. Source: manual, `$toDecimal`. */
const DOUBLE_DIGITS = 15

/** A double rounded to 15 significant digits, trailing zeros kept: 2.5 becomes 2.50000000000000. */
export function decimalFromDouble(n: number): Decimal128 {
  if (Number.isNaN(n)) return decimalOf(DECIMAL_NAN)
  if (!Number.isFinite(n)) return decimalOf(decimalInfinity(n < 0))
  const { negative, coefficient, exponent } = doubleParts(n)
  if (coefficient === 0n) return decimalOf(finite(negative, 0n, 0))
  const exact = exponent >= 0 ? coefficient << BigInt(exponent) : coefficient * 5n ** BigInt(-exponent)
  const scale = Math.min(exponent, 0)
  const drop = digitCount(exact) - DOUBLE_DIGITS
  if (drop <= 0) return decimalOf(finite(negative, exact * powerOfTen(-drop), scale + drop))
  const rounded = divideHalfEven(exact, powerOfTen(drop))
  // 9.99... may have become 10.0...: one digit too many, a zero.
  const over = digitCount(rounded) > DOUBLE_DIGITS
  return decimalOf(finite(negative, over ? rounded / 10n : rounded, scale + drop + (over ? 1 : 0)))
}

const DECIMAL_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,9})?$/i
const SPECIAL_TEXT = /^[+-]?(inf|infinity|nan)$/i

/** A decimal from text, rounded half to even to 34 digits; `undefined` when the text is no decimal. */
export function decimalFromString(text: string): Decimal128 | undefined {
  const negative = text.startsWith('-')
  if (SPECIAL_TEXT.test(text)) {
    return decimalOf(/nan$/i.test(text) ? DECIMAL_NAN : decimalInfinity(negative))
  }
  if (!DECIMAL_TEXT.test(text)) return undefined
  const [mantissa = '', power = '0'] = text.replace(/^[+-]/, '').toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return decimalOf(finite(negative, BigInt(whole + fraction), Number(power) - fraction.length))
}
