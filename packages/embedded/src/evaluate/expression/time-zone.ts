import { ServerError } from '../../server-error.ts'

/** Offset of local time from UTC, in milliseconds, at an instant. */
export interface TimeZone {
  readonly offsetAt: (utcMillis: number) => number
}

export const UTC: TimeZone = { offsetAt: () => 0 }

const MINUTE_MS = 60_000
const OFFSET = /^([+-])(\d{2}):?(\d{2})?$/
const known = new Map<string, TimeZone>()

/** A zone by name ("Europe/Berlin") or offset ("+02:00", "-0330", "+03"). Unknown names are refused with 40485. */
export function timeZone(name: string): TimeZone {
  const before = known.get(name)
  if (before !== undefined) return before
  const zone = newZone(name)
  known.set(name, zone)
  return zone
}

function newZone(name: string): TimeZone {
  if (name === 'UTC' || name === 'GMT' || name === 'Z') return UTC
  const offset = OFFSET.exec(name)
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
    const millis = (offset[1] === '-' ? -minutes : minutes) * MINUTE_MS
    return { offsetAt: () => millis }
  }
  return namedZone(name)
}

function namedZone(name: string): TimeZone {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new ServerError(40485, `unrecognized time zone identifier: "${name}"`)
  }
  return {
    offsetAt: (utcMillis) => {
      const parts: Record<string, string> = {}
      for (const { type, value } of format.formatToParts(utcMillis)) parts[type] = value
      const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year)
      const local = utcOf(
        year,
        Number(parts.month) - 1,
        Number(parts.day),
        Number(parts.hour),
        Number(parts.minute),
        Number(parts.second),
      )
      return local - Math.floor(utcMillis / 1000) * 1000
    },
  }
}

/** `Date.UTC` without its special reading of the years 0 to 99. */
export function utcOf(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, millis = 0): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  date.setUTCHours(hour, minute, second, millis)
  return date.getTime()
}

/** The clock face of a zone as if it were UTC: all calendar work is done on it. */
export const toLocal = (utcMillis: number, zone: TimeZone): number => utcMillis + zone.offsetAt(utcMillis)

/** The instant of a local time; a time that a change of the clock leaves out moves forward, one that comes twice is the first. */
export function fromLocal(local: number, zone: TimeZone): number {
  const first = local - zone.offsetAt(local)
  const second = local - zone.offsetAt(first)
  if (second === first) return first
  return toLocal(second, zone) === local ? second : Math.max(first, second)
}
