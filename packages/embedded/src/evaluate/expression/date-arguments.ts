import { isObjectId, isTimestamp, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, typeOf } from '../values.ts'
import { stringOr } from './arguments.ts'
import { UNITS, WEEKDAYS, type Unit } from './calendar.ts'
import { timeZone, UTC, type TimeZone } from './time-zone.ts'

type MaybeValue = Value | undefined

/** The instant of a date, a timestamp or an ObjectId. */
export function instantOf(value: MaybeValue, code = 16006): number {
  if (value instanceof Date) return value.getTime()
  if (isTimestamp(value)) return (value.high >>> 0) * 1000
  if (isObjectId(value)) return value.getTimestamp().getTime()
  throw new ServerError(code, `can't convert from BSON type ${typeOf(value)} to Date`)
}

/** The zone of a `timezone` parameter: UTC without one, `null` where it has no value. */
export function zoneOf(value: MaybeValue, given: boolean): TimeZone | null {
  if (!given) return UTC
  if (isNullish(value)) return null
  return timeZone(stringOr(value, 40517, 'timezone must evaluate to a string'))
}

export function unitOf(value: MaybeValue, name: string): Unit {
  const unit = UNITS.find((each) => each === value)
  if (unit === undefined)
    throw new ServerError(9, `unknown time unit value: ${typeof value === 'string' ? value : typeOf(value)} (${name})`)
  return unit
}

export function weekdayOf(value: MaybeValue, given: boolean): number {
  if (!given) return 0
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  const day = WEEKDAYS.findIndex((each) => each === text || (text.length === 3 && each.startsWith(text)))
  if (day < 0) throw new ServerError(9, `unknown day of week value: ${text}`)
  return day
}
