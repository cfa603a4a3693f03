import { Decimal128 } from 'bson'

/** A Decimal128 taken apart: `(-1)^negative * coefficient * 10^exponent`, or a special value. */
export interface DecimalParts {
  readonly kind: 'finite' | 'infinity' | 'nan'
  readonly negative: boolean
  readonly coefficient: bigint
  readonly exponent: number
}

/** Digits of a Decimal128 coefficient (IEEE 754-2008). */
export const DECIMAL_DIGITS = 34
/** Smallest and largest exponent of the coefficient as an integer. */
export const DECIMAL_MIN_EXPONENT = -6176
export const DECIMAL_MAX_EXPONENT = 6111
const EXPONENT_BIAS = 6176
const MAX_COEFFICIENT = 10n ** BigInt(DECIMAL_DIGITS) - 1n

export const DECIMAL_NAN: DecimalParts = { kind: 'nan', negative: false, coefficient: 0n, exponent: 0 }
export const decimalInfinity = (negative: boolean): DecimalParts => ({
  kind: 'infinity',
  negative,
  coefficient: 0n,
  exponent: 0,
})
export const finite = (negative: boolean, coefficient: bigint, exponent: number): DecimalParts => ({
  kind: 'finite',
  negative,
  coefficient,
  exponent,
})

const KEPT_POWERS = 400
const powers: bigint[] = []
/** 10^n for n >= 0; the small ones are kept, since the same few are asked for again and again. */
export function powerOfTen(n: number): bigint {
  return n < KEPT_POWERS ? (powers[n] ??= 10n ** BigInt(n)) : 10n ** BigInt(n)
}

/** Number of decimal digits of a non-negative integer; 1 for 0. */
export function digitCount(n: bigint): number {
  return n < 1_000_000_000_000_000n ? String(Number(n)).length : n.toString().length
}

/** Reads the binary integer decimal layout; coefficients that are not canonical read as 0, as the standard says. */
export function decimalParts(value: Decimal128): DecimalParts {
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16)
  const high = view.getBigUint64(8, true)
  const top = Number(high >> 49n)
  const negative = (top & 0x4000) !== 0
  const combination = (top >> 9) & 0x1f
  if (combination === 0x1f) return { ...DECIMAL_NAN, negative }
  if (combination === 0x1e) return decimalInfinity(negative)
  if (combination >= 0x18) return finite(negative, 0n, Number((high >> 47n) & 0x3fffn) - EXPONENT_BIAS)
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | view.getBigUint64(0, true)
  return finite(negative, coefficient > MAX_COEFFICIENT ? 0n : coefficient, (top & 0x3fff) - EXPONENT_BIAS)
}

/** Quotient rounded half to even. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const twice = (dividend % divisor) * 2n
  return twice > divisor || (twice === divisor && (quotient & 1n) === 1n) ? quotient + 1n : quotient
}

/** Writes parts, rounding half to even to 34 digits; overflow becomes infinity, underflow a subnormal or zero. */
export function decimalOf(parts: DecimalParts): Decimal128 {
  const sign = parts.negative ? 1n << 63n : 0n
  if (parts.kind === 'nan') return fromWords(0x7c00000000000000n, 0n)
  if (parts.kind === 'infinity') return fromWords(sign | 0x7800000000000000n, 0n)
  let { coefficient, exponent } = parts
  const drop = Math.max(digitCount(coefficient) - DECIMAL_DIGITS, DECIMAL_MIN_EXPONENT - exponent)
  if (drop > 0) {
    coefficient = divideHalfEven(coefficient, powerOfTen(Math.min(drop, digitCount(coefficient) + 1)))
    exponent += drop
    if (coefficient > MAX_COEFFICIENT) {
      coefficient /= 10n
      exponent += 1
    }
  }
  if (exponent > DECIMAL_MAX_EXPONENT) {
    if (coefficient === 0n) return fromFields(sign, 0n, DECIMAL_MAX_EXPONENT)
    const pad = exponent - DECIMAL_MAX_EXPONENT
    if (digitCount(coefficient) + pad > DECIMAL_DIGITS) return fromWords(sign | 0x7800000000000000n, 0n)
    return fromFields(sign, coefficient * powerOfTen(pad), DECIMAL_MAX_EXPONENT)
  }
  return fromFields(sign, coefficient, exponent)
}

const fromFields = (sign: bigint, coefficient: bigint, exponent: number): Decimal128 =>
  fromWords(sign | (BigInt(exponent + EXPONENT_BIAS) << 49n) | (coefficient >> 64n), coefficient & 0xffffffffffffffffn)

function fromWords(high: bigint, low: bigint): Decimal128 {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, low, true)
  view.setBigUint64(8, high, true)
  return new Decimal128(bytes)
}

/**
 * The exact value of a finite double as `coefficient * 2^exponent`, coefficient odd or zero.
 * Source: the layout of IEEE 754 binary64.
 */
export function doubleParts(value: number): { negative: boolean; coefficient: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  let coefficient = biased === 0 ? fraction : fraction | 0x10000000000000n
  let exponent = (biased === 0 ? 1 : biased) - 1075
  if (coefficient === 0n) exponent = 0
  while (coefficient !== 0n && (coefficient & 1n) === 0n) {
    coefficient >>= 1n
    exponent += 1
  }
  return { negative: bits >> 63n === 1n, coefficient, exponent }
}
