import { ObjectId } from 'bson'
import {
  TYPE_NUMBERS,
  decimalFromString,
  double,
  isDecimal,
  isFiniteNumber,
  isNumeric,
  isObjectId,
  isTimestamp,
  toDecimal,
  toDouble,
  truncated,
  typeNameOf,
  typeNumber,
  type NumericValue,
  type TypeName,
  type Value,
} from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { asNumber, asSafeInteger, isNullish, isTrue, typeOf } from '../values.ts'
import { fold, namedArguments, unary } from './builders.ts'
import { numberText } from './convert-text.ts'
import { parseDate } from './date-parse.ts'
import { constant, type CompileOperator } from './types.ts'

type MaybeValue = Value | undefined
type Convert = (value: Value) => Value

const failed = (message: string): ServerError => new ServerError(241, `${message} in $convert with no onError value`)
const unsupported = (value: Value, to: string): ServerError =>
  failed(`Unsupported conversion from ${typeOf(value)} to ${to}`)

/** Whole numbers of int and long: cut towards zero, refused outside the range. */
const toWhole =
  (bits: 32 | 64, name: 'int' | 'long'): Convert =>
  (value) => {
    if (typeof value === 'boolean') return bits === 32 ? Number(value) : BigInt(value)
    if (value instanceof Date && bits === 64) return BigInt(value.getTime())
    const whole = typeof value === 'string' ? parseWhole(value) : isNumeric(value) ? wholePart(value) : undefined
    if (whole === undefined) throw unsupported(value, name)
    if (BigInt.asIntN(bits, whole) !== whole) {
      throw failed(`Conversion would overflow target type`)
    }
    return bits === 32 ? Number(whole) : whole
  }

function wholePart(value: NumericValue): bigint {
  if (!isFiniteNumber(value)) throw failed('Attempt to convert NaN or infinity value to integer type')
  return truncated(value) as bigint
}

function parseWhole(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw failed(`Failed to parse number '${text}'`)
  return BigInt(text.startsWith('+') ? text.slice(1) : text)
}

const DOUBLE_TEXT = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|nan|inf(?:inity)?)$/i

function toDoubleValue(value: Value): Value {
  if (typeof value === 'boolean') return double(Number(value))
  if (value instanceof Date) return double(value.getTime())
  if (isNumeric(value)) return double(toDouble(value))
  if (typeof value !== 'string') throw unsupported(value, 'double')
  if (!DOUBLE_TEXT.test(value)) throw failed(`Failed to parse number '${value}'`)
  if (/nan/i.test(value)) return Number.NaN
  if (/inf/i.test(value)) return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return double(Number(value))
}

function toDecimalValue(value: Value): Value {
  if (typeof value === 'boolean') return toDecimal(Number(value))
  if (value instanceof Date) return toDecimal(BigInt(value.getTime()))
  if (isNumeric(value)) return toDecimal(value)
  if (typeof value !== 'string') throw unsupported(value, 'decimal')
  const parsed = decimalFromString(value)
  if (parsed === undefined) throw failed(`Failed to parse number '${value}'`)
  return parsed
}

function toText(value: Value): Value {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (isNumeric(value)) return numberText(value)
  if (isObjectId(value)) return value.toHexString()
  if (value instanceof Date) return value.toISOString()
  throw unsupported(value, 'string')
}

function toObjectId(value: Value): Value {
  if (isObjectId(value)) return value
  if (typeof value !== 'string') throw unsupported(value, 'objectId')
  if (!/^[0-9a-f]{24}$/i.test(value)) throw failed(`Failed to parse objectId '${value}'`)
  return new ObjectId(value)
}

function toDate(value: Value): Value {
  if (value instanceof Date) return value
  if (typeof value === 'string') return parseDate(value, undefined, 241)
  if (isObjectId(value)) return value.getTimestamp()
  if (isTimestamp(value)) return new Date((value.high >>> 0) * 1000)
  // An int is refused: only the wider numbers can hold a date of today.
  const wide =
    typeof value === 'bigint' || isDecimal(value) || (isNumeric(value) && typeNumber(value) === TYPE_NUMBERS.double)
  if (!wide) throw unsupported(value, 'date')
  const date = new Date(Math.trunc(asNumber(value) as number))
  if (Number.isNaN(date.getTime())) throw failed('Conversion would overflow target type')
  return date
}

const CONVERSIONS: Readonly<Partial<Record<TypeName, Convert>>> = {
  int: toWhole(32, 'int'),
  long: toWhole(64, 'long'),
  double: toDoubleValue,
  decimal: toDecimalValue,
  string: toText,
  objectId: toObjectId,
  bool: (value) => (isNumeric(value) || typeof value === 'boolean' ? isTrue(value) : true),
  date: toDate,
}

function conversionTo(to: Value): Convert {
  const number = asSafeInteger(to)
  const name = typeof to === 'string' ? to : number === undefined ? undefined : typeNameOf(number)
  if (typeof to !== 'string' && number === undefined)
    throw new ServerError(9, `$convert's 'to' argument must be a string or number, but is ${typeOf(to)}`)
  const known = name !== undefined && Object.hasOwn(TYPE_NUMBERS, name)
  if (!known) throw new ServerError(2, `Unknown type name alias: ${String(name ?? number)}`)
  return (
    CONVERSIONS[name as TypeName] ??
    ((value) => {
      if (typeOf(value) === name) return value
      throw unsupported(value, name)
    })
  )
}

const compileConvert: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['input', 'to'], ['onError', 'onNull'], {
    notObject: 9,
    unknown: 9,
    missing: 9,
  })
  const [input, to] = [scope.compile(given.input, scope), scope.compile(given.to, scope)]
  const onNull = given.onNull === undefined ? constant(null) : scope.compile(given.onNull, scope)
  const onError = given.onError === undefined ? undefined : scope.compile(given.onError, scope)
  return fold([input, to, onNull, ...(onError ? [onError] : [])], (root): MaybeValue => {
    const value = input.evaluate(root)
    const target = to.evaluate(root)
    if (isNullish(value)) return onNull.evaluate(root)
    if (isNullish(target)) return null
    const convert = conversionTo(target as Value)
    try {
      return convert(value as Value)
    } catch (error) {
      if (onError === undefined || !(error instanceof ServerError) || error.code !== 241) throw error
      return onError.evaluate(root)
    }
  })
}

const shorthand = (to: TypeName): CompileOperator => {
  const convert = CONVERSIONS[to] as Convert
  return unary((value) => (isNullish(value) ? null : convert(value as Value)))
}

export const CONVERT: Readonly<Record<string, CompileOperator>> = {
  $convert: compileConvert,
  $toInt: shorthand('int'),
  $toLong: shorthand('long'),
  $toDouble: shorthand('double'),
  $toDecimal: shorthand('decimal'),
  $toString: shorthand('string'),
  $toObjectId: shorthand('objectId'),
  $toBool: shorthand('bool'),
  $toDate: shorthand('date'),
}
