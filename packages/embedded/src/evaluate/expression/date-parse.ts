import { ServerError } from '../../server-error.ts'
import { fromIsoWeek } from './calendar.ts'
import { MONTH_NAMES } from './date-format.ts'
import { fromLocal, timeZone, utcOf, UTC, type TimeZone } from './time-zone.ts'

const ISO =
  /^\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?\s*$/i

/**
 * Reads a date in ISO 8601 form. Other forms that the server guesses at are refused with `code`, since a wrong guess
 * would be a wrong date.
 */
export function parseDate(text: string, zone: TimeZone | undefined, code: number): Date {
  const match = ISO.exec(text)
  if (match === null) throw unparsable(text, code)
  const [, year, month, day, hour, minute, second, fraction, offset] = match
  if (offset !== undefined && zone !== undefined && zone !== UTC) {
    throw new ServerError(
      code,
      `you cannot pass in a date/time string with time zone information ('${offset}') together with a timezone argument`,
    )
  }
  const millis = Number((fraction ?? '0').padEnd(3, '0').slice(0, 3))
  const fields = [
    Number(year),
    Number(month),
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  ] as const
  return dateOf(fields, millis, offset === undefined ? (zone ?? UTC) : timeZone(offset.toUpperCase()), text, code)
}

const unparsable = (text: string, code: number): ServerError =>
  new ServerError(code, `Error parsing date string '${text}'`)

function dateOf(
  [year, month, day, hour, minute, second]: readonly [number, number, number, number, number, number],
  millis: number,
  zone: TimeZone,
  text: string,
  code: number,
): Date {
  const local = utcOf(year, month - 1, day, hour, minute, second, millis)
  const check = new Date(local)
  const same =
    check.getUTCMonth() === month - 1 && check.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!same) throw unparsable(text, code)
  return new Date(fromLocal(local, zone))
}

/** The pattern of each specifier of `$dateFromString`. */
const PATTERNS: Readonly<Record<string, string>> = {
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]+',
  d: '\\d{1,2}',
  G: '\\d{4}',
  H: '\\d{1,2}',
  j: '\\d{1,3}',
  L: '\\d{1,3}',
  m: '\\d{1,2}',
  M: '\\d{1,2}',
  S: '\\d{1,2}',
  u: '\\d',
  V: '\\d{1,2}',
  Y: '\\d{4}',
  z: 'Z|[+-]\\d{2}:?(?:\\d{2})?',
  Z: '[+-]\\d{1,4}',
}

/** Reads a date by a format; what does not fit is refused with 241. */
export function parseByFormat(text: string, format: string, zone: TimeZone | undefined): Date {
  const names: string[] = []
  let source = ''
  for (let i = 0; i < format.length; i++) {
    const letter = format[i] as string
    if (letter !== '%') {
      source += letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      continue
    }
    const name = format[++i] ?? ''
    if (name === '%') source += '%'
    else {
      const pattern = Object.hasOwn(PATTERNS, name) ? PATTERNS[name] : undefined
      if (pattern === undefined) throw new ServerError(18536, `Invalid format character '%${name}' in format string`)
      names.push(name)
      source += `(${pattern})`
    }
  }
  const match = new RegExp(`^${source}$`).exec(text)
  if (match === null) throw unparsable(text, 241)
  return fromFields(new Map(names.map((name, i) => [name, match[i + 1] as string])), text, zone)
}

function fromFields(fields: ReadonlyMap<string, string>, text: string, zone: TimeZone | undefined): Date {
  const number = (name: string, otherwise: number): number => Number(fields.get(name) ?? otherwise)
  const own = zoneOf(fields)
  if (own !== undefined && zone !== undefined && zone !== UTC) throw unparsable(text, 241)
  const time = [number('H', 0), number('M', 0), number('S', 0)] as const
  const millis = number('L', 0)
  const used = own ?? zone ?? UTC
  if (fields.has('G')) {
    const day = fromIsoWeek(number('G', 1970), number('V', 1), number('u', 1))
    return new Date(fromLocal(day + ((time[0] * 60 + time[1]) * 60 + time[2]) * 1000 + millis, used))
  }
  const year = fields.get('Y')
  if (year === undefined) throw unparsable(text, 241)
  if (fields.has('j')) return new Date(fromLocal(utcOf(Number(year), 0, number('j', 1), ...time, millis), used))
  return dateOf([Number(year), monthOf(fields), number('d', 1), ...time], millis, used, text, 241)
}

function monthOf(fields: ReadonlyMap<string, string>): number {
  const name = (fields.get('b') ?? fields.get('B'))?.toLowerCase()
  if (name === undefined) return Number(fields.get('m') ?? 1)
  return MONTH_NAMES.findIndex((month) => month.toLowerCase() === name || month.slice(0, 3).toLowerCase() === name) + 1
}

function zoneOf(fields: ReadonlyMap<string, string>): TimeZone | undefined {
  const offset = fields.get('z')
  if (offset !== undefined) return timeZone(offset)
  const minutes = fields.get('Z')
  return minutes === undefined ? undefined : { offsetAt: () => Number(minutes) * 60_000 }
}
