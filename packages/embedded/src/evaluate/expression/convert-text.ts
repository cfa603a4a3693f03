import { isDecimal, isInt32, Double, type Value } from '@stage0/bson-schema'

/** Significant digits with which the server prints a double. */
const DOUBLE_DIGITS = 16

/** A number as text: doubles with 16 significant digits and without trailing zeros. */
export function numberText(value: Value): string {
  if (typeof value === 'bigint' || isDecimal(value)) return value.toString()
  const n = value instanceof Double ? value.value : (value as number)
  if (isInt32(n) || !Number.isFinite(n)) return Object.is(n, -0) ? '-0' : String(n)
  const [digits, exponent] = n.toExponential(DOUBLE_DIGITS - 1).split('e') as [string, string]
  const power = Number(exponent)
  if (power < -4 || power >= DOUBLE_DIGITS) {
    const sign = power < 0 ? '-' : '+'
    return `${withoutZeros(digits)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
  }
  return withoutZeros(n.toFixed(Math.max(0, DOUBLE_DIGITS - 1 - power)))
}

const withoutZeros = (digits: string): string => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits)
