import {
  Double,
  absNumber,
  addNumbers,
  decimalRound,
  divideNumbers,
  double,
  isDecimal,
  isInt32,
  isNumeric,
  longOverflow,
  modNumbers,
  multiplyNumbers,
  subtractNumbers,
  toDecimal,
  toDouble,
  truncated,
  wholeNumber,
  type NumericValue,
  type Value,
} from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { asNumber, isNullish, typeOf } from '../values.ts'
import { integerOr } from './arguments.ts'
import { binary, unaryOrNull, variadic } from './builders.ts'
import type { CompileOperator } from './types.ts'

type MaybeValue = Value | undefined

function add(values: MaybeValue[], name: string): MaybeValue {
  let sum: NumericValue = 0
  let date = false
  for (const value of values) {
    if (isNullish(value)) return null
    if (value instanceof Date) {
      if (date) throw new ServerError(16612, 'only one date allowed in an $add expression')
      date = true
      sum = longOverflow(addNumbers, sum, BigInt(value.getTime()))
    } else if (isNumeric(value)) {
      const next: number = typeof value === 'number' && typeof sum === 'number' ? sum + value : Number.NaN
      sum =
        isInt32(next) && isInt32(value as number) && isInt32(sum as number)
          ? next
          : longOverflow(addNumbers, sum, value)
    } else throw new ServerError(14, `${name} only supports numeric or date types, not ${typeOf(value)}`)
  }
  return date ? dateOf(sum) : sum
}

function dateOf(millis: NumericValue): Date {
  const date = new Date(Math.round(toDouble(millis)))
  if (Number.isNaN(date.getTime())) throw new ServerError(15, 'date overflow')
  return date
}

function subtract(a: MaybeValue, b: MaybeValue, name: string): MaybeValue {
  if (isNullish(a) || isNullish(b)) return null
  if (a instanceof Date) {
    if (b instanceof Date) return BigInt(a.getTime()) - BigInt(b.getTime())
    if (isNumeric(b)) return dateOf(longOverflow(subtractNumbers, BigInt(a.getTime()), b))
  }
  if (isNumeric(a) && isNumeric(b)) return longOverflow(subtractNumbers, a, b)
  throw new ServerError(14, `can't ${name} ${typeOf(b)} from ${typeOf(a)}`)
}

function multiply(values: MaybeValue[], name: string): MaybeValue {
  let product: NumericValue = 1
  for (const value of values) {
    if (isNullish(value)) return null
    if (!isNumeric(value)) throw new ServerError(14, `${name} only supports numeric types, not ${typeOf(value)}`)
    product = longOverflow(multiplyNumbers, product, value)
  }
  return product
}

function numbers(a: MaybeValue, b: MaybeValue, name: string, code: number): [NumericValue, NumericValue] | null {
  if (isNullish(a) || isNullish(b)) return null
  if (isNumeric(a) && isNumeric(b)) return [a, b]
  throw new ServerError(code, `${name} only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`)
}

function divide(a: MaybeValue, b: MaybeValue, name: string): MaybeValue {
  const pair = numbers(a, b, name, 14)
  if (pair === null) return null
  if (asNumber(pair[1]) === 0) throw new ServerError(2, `can't ${name} by zero`)
  return divideNumbers(...pair)
}

function mod(a: MaybeValue, b: MaybeValue, name: string): MaybeValue {
  const pair = numbers(a, b, name, 16611)
  if (pair === null) return null
  if (asNumber(pair[1]) === 0) throw new ServerError(16610, `can't ${name} by zero`)
  return modNumbers(...pair)
}

function abs(value: Value, name: string): MaybeValue {
  const result = absNumber(numeric(value, name))
  if (result === undefined) throw new ServerError(28680, `can't take ${name} of long long min`)
  return result
}

export function numeric(value: Value, name: string): NumericValue {
  if (isNumeric(value)) return value
  throw new ServerError(28765, `${name} only supports numeric types, not ${typeOf(value)}`)
}

/** Digits that a place may name. Source: the manual of `$round`. */
const MIN_PLACE = -20
const MAX_PLACE = 100

const rounding =
  (mode: 'half-even' | 'truncate'): CompileOperator =>
  (argument, scope, name) =>
    variadic(
      ([value, place]) => {
        if (isNullish(value) || place === null) return null
        const places =
          place === undefined ? 0 : integerOr(place, 51082, `precision argument to ${name} must be a integral value`)
        if (places < MIN_PLACE || places > MAX_PLACE)
          throw new ServerError(
            51083,
            `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`,
          )
        return rounded(numeric(value, name), places, mode, name)
      },
      1,
      2,
    )(argument, scope, name)

function rounded(value: NumericValue, places: number, mode: 'half-even' | 'truncate', name: string): NumericValue {
  if (isDecimal(value)) return decimalRound(value, places, mode)
  if (typeof value === 'bigint' || (typeof value === 'number' && isInt32(value))) {
    if (places >= 0) return value
    const whole = truncated(decimalRound(toDecimal(value), places, mode)) as bigint
    if (BigInt.asIntN(64, whole) !== whole)
      throw new ServerError(51080, `invalid conversion from Decimal128 result in ${name}`)
    return typeof value === 'number' && isInt32(Number(whole)) ? Number(whole) : whole
  }
  const n = toDouble(value)
  return Number.isFinite(n) ? double(toDouble(decimalRound(toDecimal(value), places, mode))) : value
}

function power(a: MaybeValue, b: MaybeValue, name: string): MaybeValue {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumeric(a)) throw new ServerError(28762, `${name}'s base must be numeric, not ${typeOf(a)}`)
  if (!isNumeric(b)) throw new ServerError(28763, `${name}'s exponent must be numeric, not ${typeOf(b)}`)
  const [base, exponent] = [toDouble(a), toDouble(b)]
  if (base === 0 && exponent < 0)
    throw new ServerError(28764, `${name} cannot take a base of 0 and a negative exponent`)
  if (isDecimal(a) || isDecimal(b)) return decimalPower(a, exponent, name)
  const whole = (n: NumericValue): n is number | bigint =>
    typeof n === 'bigint' || (typeof n === 'number' && isInt32(n))
  if (!whole(a) || !whole(b)) return double(base ** exponent)
  const exact =
    exponent < 0 || exponent > 63
      ? Math.abs(base) <= 1
        ? BigInt(base) ** BigInt(Math.abs(exponent) % 2 || 2)
        : undefined
      : BigInt(a) ** BigInt(b)
  if (exact === undefined || BigInt.asIntN(64, exact) !== exact) return double(base ** exponent)
  return typeof a === 'number' && typeof b === 'number' && isInt32(Number(exact)) ? Number(exact) : exact
}

/** Largest whole exponent of a decimal power; beyond it the result is an infinity or zero for all but values next to 1. */
const MAX_DECIMAL_EXPONENT = 10_000

function decimalPower(base: NumericValue, exponent: number, name: string): NumericValue {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > MAX_DECIMAL_EXPONENT) {
    throw new ServerError(115, `${name} of a decimal by ${exponent} is not supported by the embedded server`)
  }
  let product: NumericValue = toDecimal(1)
  for (let i = 0; i < Math.abs(exponent); i++) product = multiplyNumbers(product, toDecimal(base)) as NumericValue
  return exponent < 0 ? divideNumbers(toDecimal(1), product) : product
}

/** A function of real numbers, computed in double; decimals are refused rather than rounded to a double in silence. */
export const real = (compute: (n: number) => number, check?: (n: number, name: string) => void): CompileOperator =>
  unaryOrNull((value, name) => double(compute(realNumber(value, name, check))))

function realNumber(value: Value, name: string, check?: (n: number, name: string) => void): number {
  const n = numeric(value, name)
  if (isDecimal(n)) throw new ServerError(115, `${name} of a decimal is not supported by the embedded server`)
  const plain = n instanceof Double ? n.value : Number(n)
  check?.(plain, name)
  return plain
}

const atLeast =
  (least: number, code: number, exclusive: boolean) =>
  (n: number, name: string): void => {
    if (n < least || (exclusive && n === least)) {
      throw new ServerError(
        code,
        `${name}'s argument must be ${exclusive ? 'a positive number' : `greater than or equal to ${least}`}, but is ${n}`,
      )
    }
  }

function logarithm(a: MaybeValue, b: MaybeValue, name: string): MaybeValue {
  if (isNullish(a) || isNullish(b)) return null
  const n = realNumber(a, name, atLeast(0, 28758, true))
  const base = realNumber(b, name, atLeast(0, 28759, true))
  if (base === 1)
    throw new ServerError(28759, `${name}'s base must be a positive number not equal to 1, but is ${base}`)
  return double(Math.log(n) / Math.log(base))
}

const whole = (mode: 'ceiling' | 'floor'): CompileOperator =>
  unaryOrNull((value, name) => wholeNumber(numeric(value, name), mode))

export const ARITHMETIC: Readonly<Record<string, CompileOperator>> = {
  $add: variadic(add),
  $subtract: binary(subtract),
  $multiply: variadic(multiply),
  $divide: binary(divide),
  $mod: binary(mod),
  $abs: unaryOrNull(abs),
  $ceil: whole('ceiling'),
  $floor: whole('floor'),
  $round: rounding('half-even'),
  $trunc: rounding('truncate'),
  $pow: binary(power),
  $sqrt: real(Math.sqrt, atLeast(0, 28714, false)),
  $exp: real(Math.exp),
  $ln: real(Math.log, atLeast(0, 28766, true)),
  $log10: real(Math.log10, atLeast(0, 28761, true)),
  $log: binary(logarithm),
}
