import { LIMITS } from '../limits.ts'
import { failed } from '../refused.ts'
import { wholeArithmetic } from './numbers.ts'
import { floatOf } from './arithmetic.ts'

/** Further to the right a floating number has no digits; further to the left it has none either. */
const RIGHTMOST = 323
const LEFTMOST = -308

/**
 * The number with so many digits behind the point, the nearest one; where two are as near, the one whose last digit is even.
 *
 * @param precision Negative for digits before the point.
 * @throws Refused where the result is too large for a floating number.
 */
export function rounded(value: bigint | number, precision: number): bigint | number {
  if (typeof value === 'bigint') return roundedWhole(value, precision)
  if (!Number.isFinite(value) || precision > RIGHTMOST) return value
  if (precision < LEFTMOST) return 0 * value
  const { top, bottom } = fractionOf(Math.abs(value))
  const nearest = precision >= 0 ? halfEven(top * power(precision), bottom) : halfEven(top, bottom * power(-precision))
  const result = Number(`${nearest}e${-precision}`)
  if (!Number.isFinite(result)) throw failed('A rounded number that is too large for a floating one')
  return value < 0 || Object.is(value, -0) ? -result : result
}

/**
 * The next number with so many digits behind the point, upwards or downwards, always a floating one. As the first engine has it
 * it is calculated by multiplying and dividing, with their own small errors.
 */
export function roundedTo(towards: 'ceil' | 'floor', value: bigint | number, precision: number): bigint | number {
  if (precision < 0) throw failed('`round` upwards and downwards is for a precision that is not negative')
  if (precision > LIMITS.digits) throw failed(`\`round\` to more than ${LIMITS.digits} digits`)
  const unit = power(precision)
  return wholeArithmetic('/', typeof value === 'bigint' ? value * unit : wholeAt(towards, value * floatOf(unit)), unit)
}

function wholeAt(towards: 'ceil' | 'floor', value: number): bigint {
  if (!Number.isFinite(value)) throw failed('A number that is not finite has no whole number near it')
  return BigInt(Math[towards](value))
}

function roundedWhole(value: bigint, precision: number): bigint {
  if (precision >= 0) return value
  if (-precision > LIMITS.digits + 1) return 0n
  const unit = power(-precision)
  const nearest = halfEven(value < 0n ? -value : value, unit) * unit
  return value < 0n ? -nearest : nearest
}

const power = (exponent: number): bigint => 10n ** BigInt(exponent)

/** A floating number as a fraction, exactly. */
function fractionOf(value: number): { readonly top: bigint; readonly bottom: bigint } {
  let top = value
  let bottom = 1n
  while (!Number.isInteger(top)) {
    top *= 2
    bottom *= 2n
  }
  return { top: BigInt(top), bottom }
}

function halfEven(top: bigint, bottom: bigint): bigint {
  const below = top / bottom
  const rest = 2n * (top - below * bottom)
  if (rest === bottom) return below + (below % 2n)
  return rest > bottom ? below + 1n : below
}
