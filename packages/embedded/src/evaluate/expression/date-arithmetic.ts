import { ServerError } from '../../server-error.ts'
import { asSafeInteger, isNullish } from '../values.ts'
import { integerOr } from './arguments.ts'
import { named } from './builders.ts'
import { addUnits, truncate, unitsBetween } from './calendar.ts'
import { instantOf, unitOf, weekdayOf, zoneOf } from './date-arguments.ts'
import type { CompileOperator } from './types.ts'

/** `$dateAdd` and `$dateSubtract`. */
const shift = (sign: 1 | -1): CompileOperator =>
  named(
    ['startDate', 'unit', 'amount'],
    ['timezone'],
    { notObject: 5166400, unknown: 5166401, missing: 5166402 },
    ({ startDate, unit, amount, timezone }, name, _scope, given) => {
      const zone = zoneOf(timezone, given('timezone'))
      if (isNullish(startDate) || isNullish(unit) || isNullish(amount) || zone === null) return null
      const count = integerOr(amount, 5166405, `${name} expects integer amount of time units`)
      return new Date(addUnits(instantOf(startDate, 5166403), unitOf(unit, name), sign * count, zone))
    },
  )

const dateDiff = named(
  ['startDate', 'endDate', 'unit'],
  ['timezone', 'startOfWeek'],
  { notObject: 5166301, unknown: 5166302, missing: 5166303 },
  ({ startDate, endDate, unit, timezone, startOfWeek }, name, _scope, given) => {
    const zone = zoneOf(timezone, given('timezone'))
    if (isNullish(startDate) || isNullish(endDate) || isNullish(unit) || zone === null) return null
    const weekday = weekdayOf(startOfWeek, given('startOfWeek'))
    return BigInt(
      unitsBetween(instantOf(startDate, 5166307), instantOf(endDate, 5166307), unitOf(unit, name), zone, weekday),
    )
  },
)

const dateTrunc = named(
  ['date', 'unit'],
  ['binSize', 'timezone', 'startOfWeek'],
  { notObject: 5439007, unknown: 5439008, missing: { date: 5439009, unit: 5439010 } },
  ({ date, unit, binSize, timezone, startOfWeek }, name, _scope, given) => {
    const zone = zoneOf(timezone, given('timezone'))
    if (isNullish(date) || isNullish(unit) || zone === null || (given('binSize') && isNullish(binSize))) return null
    const size = given('binSize') ? asSafeInteger(binSize) : 1
    if (size === undefined || size < 1)
      throw new ServerError(5439018, `${name} requires 'binSize' to be greater than 0`)
    return new Date(
      truncate(instantOf(date, 5439012), unitOf(unit, name), size, zone, weekdayOf(startOfWeek, given('startOfWeek'))),
    )
  },
)

export const DATE_ARITHMETIC: Readonly<Record<string, CompileOperator>> = {
  $dateAdd: shift(1),
  $dateSubtract: shift(-1),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
}
