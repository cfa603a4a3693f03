import {
  TYPE_NUMBERS,
  isArray,
  isNumeric,
  typeNameOf,
  typeNumber,
  type TypeName,
  type Value,
} from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { asNumber, isTrue } from '../values.ts'
import { notAll, some, type CompileCondition } from './types.ts'

const NUMBER_TYPES: readonly number[] = [TYPE_NUMBERS.int, TYPE_NUMBERS.long, TYPE_NUMBERS.double, TYPE_NUMBERS.decimal]

/** The type numbers that an alias or a number stands for. */
function typeNumbersOf(alias: Value): readonly number[] {
  if (typeof alias === 'string') {
    if (alias === 'number') return NUMBER_TYPES
    const number = Object.hasOwn(TYPE_NUMBERS, alias) ? TYPE_NUMBERS[alias as TypeName] : undefined
    if (number === undefined) throw new ServerError(2, `Unknown type name alias: ${alias}`)
    return [number]
  }
  const number = asNumber(alias)
  if (number === undefined) throw new ServerError(14, 'type must be represented as a number or a string')
  if (number === 0 || typeNameOf(number) === undefined)
    throw new ServerError(2, `Invalid numerical type code: ${number}`)
  return [number]
}

const compileType: CompileCondition = (operand) => {
  const aliases = isArray(operand) ? operand : [operand]
  if (aliases.length === 0) throw new ServerError(9, 'Field must match at least one type')
  const wanted = new Set(aliases.flatMap(typeNumbersOf))
  return [some((value) => value !== undefined && wanted.has(typeNumber(value)))]
}

const compileExists: CompileCondition = (operand) => {
  const present = some((value) => value !== undefined, 'array')
  return [isTrue(operand) ? present : notAll([present])]
}

/** A number as the long that `$mod` works with: cut towards zero. */
function asLong(value: Value | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value
  const n = isNumeric(value) ? Math.trunc(asNumber(value) as number) : Number.NaN
  return n >= -(2 ** 63) && n < 2 ** 63 ? BigInt(n) : undefined
}

const compileMod: CompileCondition = (operand) => {
  if (!isArray(operand)) throw new ServerError(2, 'malformed mod, needs to be an array')
  if (operand.length < 2) throw new ServerError(2, 'malformed mod, not enough elements')
  if (operand.length > 2) throw new ServerError(2, 'malformed mod, too many elements')
  const [divisor, remainder] = operand.map(asLong)
  if (divisor === undefined) throw new ServerError(2, 'malformed mod, divisor not a number')
  if (remainder === undefined) throw new ServerError(2, 'malformed mod, remainder not a number')
  if (divisor === 0n) throw new ServerError(2, 'divisor cannot be 0')
  return [
    some((value) => {
      const n = asLong(value)
      return n !== undefined && n % divisor === remainder
    }),
  ]
}

export const VALUE_CONDITIONS: Readonly<Record<string, CompileCondition>> = {
  $type: compileType,
  $exists: compileExists,
  $mod: compileMod,
}
