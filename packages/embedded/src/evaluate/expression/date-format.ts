import { ServerError } from '../../server-error.ts'
import { dayOfYear, isoWeek, sundayWeek } from './calendar.ts'
import { toLocal, type TimeZone } from './time-zone.ts'

export const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

const MINUTE_MS = 60_000
const pad = (n: number, width: number): string => String(n).padStart(width, '0')

/** Years outside 0 to 9999 cannot be written with four digits. */
function fourDigits(year: number): string {
  if (year < 0 || year > 9999)
    throw new ServerError(18537, `$dateToString is only defined on year 0-9999, tried to use year ${year}`)
  return pad(year, 4)
}

const offsetText = (millis: number): string => {
  const minutes = Math.round(Math.abs(millis) / MINUTE_MS)
  return `${millis < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`
}

type Specifier = (local: Date, offset: number) => string

const SPECIFIERS: Readonly<Record<string, Specifier>> = {
  b: (d) => (MONTH_NAMES[d.getUTCMonth()] as string).slice(0, 3),
  B: (d) => MONTH_NAMES[d.getUTCMonth()] as string,
  d: (d) => pad(d.getUTCDate(), 2),
  G: (d) => fourDigits(isoWeek(d.getTime()).year),
  H: (d) => pad(d.getUTCHours(), 2),
  j: (d) => pad(dayOfYear(d.getTime()), 3),
  L: (d) => pad(d.getUTCMilliseconds(), 3),
  m: (d) => pad(d.getUTCMonth() + 1, 2),
  M: (d) => pad(d.getUTCMinutes(), 2),
  S: (d) => pad(d.getUTCSeconds(), 2),
  u: (d) => String(isoWeek(d.getTime()).weekday),
  U: (d) => pad(sundayWeek(d.getTime()), 2),
  V: (d) => pad(isoWeek(d.getTime()).week, 2),
  w: (d) => String(d.getUTCDay() + 1),
  Y: (d) => fourDigits(d.getUTCFullYear()),
  z: (_d, offset) => offsetText(offset),
  Z: (_d, offset) => String(Math.round(offset / MINUTE_MS)),
  '%': () => '%',
}

/** Compiles a format of `$dateToString`; an unknown specifier is refused with 18536. */
export function compileFormat(format: string): (utcMillis: number, zone: TimeZone) => string {
  const parts: (string | Specifier)[] = []
  for (let i = 0; i < format.length; i++) {
    const letter = format[i] as string
    if (letter !== '%') {
      parts.push(letter)
      continue
    }
    const name = format[++i]
    if (name === undefined) throw new ServerError(18535, `Unmatched '%' at end of format string`)
    const specifier = Object.hasOwn(SPECIFIERS, name) ? SPECIFIERS[name] : undefined
    if (specifier === undefined) throw new ServerError(18536, `Invalid format character '%${name}' in format string`)
    parts.push(specifier)
  }
  return (utcMillis, zone) => {
    const local = new Date(toLocal(utcMillis, zone))
    const offset = zone.offsetAt(utcMillis)
    return parts.map((part) => (typeof part === 'string' ? part : part(local, offset))).join('')
  }
}
