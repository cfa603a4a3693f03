import { LIMITS } from '../limits.ts'
import { failed, type Refused } from '../refused.ts'
import type { Arithmetic } from '../syntax/tree.ts'

const LARGEST = 10n ** BigInt(LIMITS.digits) - 1n
const tooLarge = (): Refused => failed(`A whole number of more than ${LIMITS.digits} digits`)
const byZero = (): Refused => failed('A division by zero')

/** Whole numbers of any length: `/` gives a floating number, `//` and `%` round towards minus infinity. */
export function wholeArithmetic(operator: Arithmetic, left: bigint, right: bigint): bigint | number {
  const result = wholeResult(operator, left, right)
  if (typeof result === 'bigint' && (result > LARGEST || result < -LARGEST)) throw tooLarge()
  return result
}

function wholeResult(operator: Arithmetic, left: bigint, right: bigint): bigint | number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return quotient(left, right)
    case '//':
      return floored(left, right)
    case '%':
      return left - floored(left, right) * right
    case '**':
      return power(left, right)
  }
}

function floored(left: bigint, right: bigint): bigint {
  if (right === 0n) throw byZero()
  const result = left / right
  return result * right !== left && left < 0n !== right < 0n ? result - 1n : result
}

/** The nearest floating number to the quotient, however long the numbers are. */
function quotient(left: bigint, right: bigint): number {
  if (right === 0n) throw byZero()
  if (isExact(left) && isExact(right)) return Number(left) / Number(right)
  const isNegative = left < 0n !== right < 0n
  const [top, bottom] = [left < 0n ? -left : left, right < 0n ? -right : right]
  // 66 bits or more of the quotient, the last one set where something remains: rounding it once is rounding the quotient.
  const shift = BigInt(bits(bottom) - bits(top) + 66)
  const [scaledTop, scaledBottom] = shift >= 0n ? [top << shift, bottom] : [top, bottom << -shift]
  const whole = scaledTop / scaledBottom
  const sticky = whole * scaledBottom === scaledTop ? whole : whole | 1n
  const result = scaled(Number(sticky), Number(-shift))
  if (!Number.isFinite(result)) throw failed('A quotient that is too large for a floating number')
  return isNegative ? -result : result
}

const isExact = (value: bigint): boolean => value <= 9_007_199_254_740_992n && value >= -9_007_199_254_740_992n
const bits = (value: bigint): number => value.toString(2).length

/** `value * 2 ** exponent` in steps that do not leave the range of numbers on the way. */
function scaled(value: number, exponent: number): number {
  let result = value
  let rest = exponent
  while (rest > 1000) {
    result *= 2 ** 1000
    rest -= 1000
  }
  while (rest < -1000) {
    result *= 2 ** -1000
    rest += 1000
  }
  return result * 2 ** rest
}

function power(left: bigint, right: bigint): bigint {
  if (right < 0n) throw failed('`**` is for whole numbers that are not negative behind it', 'Divide instead.')
  const isSmall = left >= -1n && left <= 1n
  if (!isSmall && BigInt(bits(left < 0n ? -left : left) - 1) * right > BigInt(bits(LARGEST))) throw tooLarge()
  return isSmall ? smallPower(left, right) : left ** right
}

const smallPower = (left: bigint, right: bigint): bigint =>
  right === 0n ? 1n : left === -1n && right % 2n === 0n ? 1n : left

/** Floating numbers; `//` and `%` round towards minus infinity. */
export function floatArithmetic(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      if (right === 0) throw byZero()
      return left / right
    case '//':
      return divided(left, right).quotient
    case '%':
      return divided(left, right).remainder
    case '**':
      throw failed('`**` is for whole numbers', 'Multiply instead.')
  }
}

/** The remainder has the sign of the divisor, a zero too; the quotient is the whole number nearest to what is left without it. */
function divided(left: number, right: number): { readonly quotient: number; readonly remainder: number } {
  if (right === 0) throw byZero()
  let remainder = left % right
  let exact = (left - remainder) / right
  if (remainder === 0) remainder = right < 0 ? -0 : 0
  else if (right < 0 !== remainder < 0) {
    remainder += right
    exact -= 1
  }
  if (exact === 0) return { quotient: left / right < 0 || Object.is(left / right, -0) ? -0 : 0, remainder }
  const below = Math.floor(exact)
  return { quotient: exact - below > 0.5 ? below + 1 : below, remainder }
}
