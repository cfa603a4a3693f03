import { doc, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, typeOf } from '../values.ts'
import { integerOr, stringOr } from './arguments.ts'
import { fold, named, namedArguments } from './builders.ts'
import { dayOfYear, fromIsoWeek, isoWeek, sundayWeek } from './calendar.ts'
import { instantOf, zoneOf } from './date-arguments.ts'
import { compileFormat } from './date-format.ts'
import { parseByFormat, parseDate } from './date-parse.ts'
import { fromLocal, toLocal, utcOf, UTC } from './time-zone.ts'
import { constant, type CompileOperator } from './types.ts'

/** `$year`, `$hour` ...: takes a date, or `{date, timezone}`. */
const part =
  (read: (local: number) => Value): CompileOperator =>
  (argument, scope, name) => {
    const given =
      isDoc(argument) && !(argument.keys[0] ?? '').startsWith('$')
        ? namedArguments(name, argument, ['date'], ['timezone'], { notObject: 40539, unknown: 40535, missing: 40539 })
        : { date: isArray(argument) ? single(argument, name) : argument, timezone: undefined }
    const date = scope.compile(given.date, scope)
    const zone = given.timezone === undefined ? constant(undefined) : scope.compile(given.timezone, scope)
    return fold([date, zone], (root) => {
      const value = date.evaluate(root)
      if (isNullish(value)) return null
      const where = zoneOf(zone.evaluate(root), given.timezone !== undefined)
      return where === null ? null : read(toLocal(instantOf(value), where))
    })
  }

function single(list: readonly Value[], name: string): Value {
  const [only] = list
  if (only === undefined || list.length > 1)
    throw new ServerError(40536, `${name} accepts exactly one argument if given an array, but was given ${list.length}`)
  return only
}

const utc = (read: (date: Date) => number): CompileOperator => part((local) => read(new Date(local)))

const dateToString = named(
  ['date'],
  ['format', 'timezone', 'onNull'],
  { notObject: 18629, unknown: 18534, missing: 18628 },
  ({ date, format, timezone, onNull }, _name, _scope, given) => {
    if (isNullish(date)) return given('onNull') ? onNull : null
    const zone = zoneOf(timezone, given('timezone'))
    if (zone === null) return null
    if (given('format') && isNullish(format)) return null
    const suffix = zone === UTC ? 'Z' : ''
    const pattern = given('format')
      ? stringOr(format, 18533, '$dateToString requires that format be a string')
      : `%Y-%m-%dT%H:%M:%S.%L${suffix}`
    return formatter(pattern)(instantOf(date), zone)
  },
)

const formatters = new Map<string, ReturnType<typeof compileFormat>>()
const MAX_FORMATTERS = 200

/** Compiled formats, kept: there are few and they are used for each document. */
function formatter(format: string): ReturnType<typeof compileFormat> {
  let known = formatters.get(format)
  if (known === undefined) {
    if (formatters.size >= MAX_FORMATTERS) formatters.clear()
    formatters.set(format, (known = compileFormat(format)))
  }
  return known
}

const compileDateFromString: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['dateString'], ['format', 'timezone', 'onError', 'onNull'], {
    notObject: 40540,
    unknown: 40541,
    missing: 40542,
  })
  const part = (value: Value | undefined) => (value === undefined ? constant(null) : scope.compile(value, scope))
  const [text, format, zone, onNull] = [
    scope.compile(given.dateString, scope),
    part(given.format),
    part(given.timezone),
    part(given.onNull),
  ]
  const onError = given.onError === undefined ? undefined : scope.compile(given.onError, scope)
  return fold([text, format, zone, onNull, ...(onError ? [onError] : [])], (root) => {
    const where = zoneOf(zone.evaluate(root), given.timezone !== undefined)
    const value = text.evaluate(root)
    if (isNullish(value)) return onNull.evaluate(root)
    const pattern = format.evaluate(root)
    if (where === null || (given.format !== undefined && isNullish(pattern))) return null
    try {
      const string = stringOr(value, 241, `$dateFromString requires that 'dateString' be a string`)
      if (given.format === undefined) return parseDate(string, where, 241)
      return parseByFormat(
        string,
        stringOr(pattern, 40684, `$dateFromString requires that 'format' be a string`),
        where,
      )
    } catch (error) {
      if (onError === undefined || !(error instanceof ServerError) || error.code !== 241) throw error
      return onError.evaluate(root)
    }
  })
}

const PARTS = [
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'isoWeekYear',
  'isoWeek',
  'isoDayOfWeek',
  'timezone',
] as const
type Part = (typeof PARTS)[number]

const dateFromParts = named(
  [],
  PARTS,
  { notObject: 40519, unknown: 40518, missing: 40516 },
  (values, _name, _scope, given) => {
    const iso = given('isoWeekYear')
    if (!iso && !given('year'))
      throw new ServerError(40516, `$dateFromParts requires either 'year' or 'isoWeekYear' to be present`)
    if (iso && (given('year') || given('month') || given('day')))
      throw new ServerError(40489, `$dateFromParts does not allow mixing natural dates with ISO dates`)
    if (!iso && (given('isoWeek') || given('isoDayOfWeek')))
      throw new ServerError(40525, `$dateFromParts does not allow mixing natural dates with ISO dates`)
    if (PARTS.some((name) => given(name) && isNullish(values[name]))) return null
    const number = (name: Part, otherwise: number): number =>
      given(name)
        ? integerOr(values[name], 40515, `'${name}' must evaluate to an integer, found ${typeOf(values[name])}`)
        : otherwise
    const zone = zoneOf(values.timezone, given('timezone')) ?? UTC
    const year = number(iso ? 'isoWeekYear' : 'year', 1970)
    if (year < 1 || year > 9999)
      throw new ServerError(
        40523,
        `'${iso ? 'isoWeekYear' : 'year'}' must evaluate to an integer in the range 1 to 9999, found ${year}`,
      )
    const time =
      number('hour', 0) * 3_600_000 +
      number('minute', 0) * 60_000 +
      number('second', 0) * 1000 +
      number('millisecond', 0)
    const day = iso
      ? fromIsoWeek(year, number('isoWeek', 1), number('isoDayOfWeek', 1))
      : utcOf(year, number('month', 1) - 1, number('day', 1))
    return new Date(fromLocal(day + time, zone))
  },
)

const dateToParts = named(
  ['date'],
  ['timezone', 'iso8601'],
  { notObject: 40524, unknown: 40520, missing: 40522 },
  ({ date, timezone, iso8601 }, _name, _scope, given) => {
    const zone = zoneOf(timezone, given('timezone'))
    if (isNullish(date) || zone === null || (given('iso8601') && isNullish(iso8601))) return null
    if (given('iso8601') && typeof iso8601 !== 'boolean')
      throw new ServerError(40521, 'iso8601 must evaluate to a bool')
    const local = toLocal(instantOf(date), zone)
    const d = new Date(local)
    const time = {
      hour: d.getUTCHours(),
      minute: d.getUTCMinutes(),
      second: d.getUTCSeconds(),
      millisecond: d.getUTCMilliseconds(),
    }
    if (iso8601 !== true)
      return doc({ year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate(), ...time })
    const { year, week, weekday } = isoWeek(local)
    return doc({ isoWeekYear: year, isoWeek: week, isoDayOfWeek: weekday, ...time })
  },
)

export const DATE: Readonly<Record<string, CompileOperator>> = {
  $year: utc((d) => d.getUTCFullYear()),
  $month: utc((d) => d.getUTCMonth() + 1),
  $dayOfMonth: utc((d) => d.getUTCDate()),
  $dayOfWeek: utc((d) => d.getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $hour: utc((d) => d.getUTCHours()),
  $minute: utc((d) => d.getUTCMinutes()),
  $second: utc((d) => d.getUTCSeconds()),
  $millisecond: utc((d) => d.getUTCMilliseconds()),
  $week: part(sundayWeek),
  $isoWeek: part((local) => isoWeek(local).week),
  $isoWeekYear: part((local) => BigInt(isoWeek(local).year)),
  $isoDayOfWeek: part((local) => isoWeek(local).weekday),
  $dateToString: dateToString,
  $dateFromString: compileDateFromString,
  $dateFromParts: dateFromParts,
  $dateToParts: dateToParts,
}
